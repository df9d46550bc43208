// SPDX-License-Identifier: MIT
// storyphoto.js -- an upload through storyphoto, from Node 18, without any package.
//
// Two ways, which give the same answer, {error, receipt}; error is null only when all is published:
//
//   processUpload(request, folder)   a process for each upload, which is decoded while it arrives
//                                    and is never on a disk
//   new Stream(folder).take(path)    one process for all uploads, which are files; saves the
//                                    start of a process and of its renderers
//
// Neither starts a shell, and neither is given a name that comes from the client.
'use strict';
const { execFile, spawn } = require('node:child_process');
const readline = require('node:readline');

const program = process.env.STORYPHOTO || '/usr/local/bin/storyphoto';
// input-timeout is for the sender, timeout for the work; the deadline is for what should not be.
const options = ['--preset', 'story', '--set', 'preset.names=random',
    '--set', 'limits.input-timeout=60', '--set', 'limits.timeout=20'];
const deadline = Number(process.env.DEADLINE || 90) * 1000;

// Ends a child in order, which still gives its receipt, and after 5 seconds at once.
function endChild(child) {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
}

function answerOf(receipt, isDone) {
    if (receipt?.schema !== 'storyphoto.receipt/1')
        return { error: 'internal', receipt: {} };
    if (receipt.status === 'ok' && isDone)
        return { error: null, receipt };
    const error = receipt.error ?? { code: 'internal', message: 'it did not end well' };
    if (receipt.status !== 'refused') // not the photo's fault: for who keeps the site
        console.error(`storyphoto: ${error.message} (${error.code})`);
    return { error: error.code, receipt };
}

function parse(line) {
    try {
        return JSON.parse(line);
    } catch {
        return null; // nothing was begun: standard error, which is ours, says why
    }
}

// upload: the request itself, an http.IncomingMessage.
function processUpload(upload, folder, baseUrl) {
    return new Promise((resolve) => {
        const child = spawn(program,
            ['process', '--json', '-o', folder, '--base-url', baseUrl, ...options, '-'],
            { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
        const timer = setTimeout(endChild, deadline, child);
        let line = '';
        // Who goes away while sending must not end the pipe as if that were all of the photo.
        const leave = () => upload.complete || endChild(child);
        const end = (isDone) => {
            clearTimeout(timer);
            upload.off('close', leave);
            upload.unpipe(child.stdin);
            upload.resume(); // what still comes: a browser reads the answer when it has sent all
            resolve(answerOf(parse(line), isDone));
        };
        child.on('error', () => end(false)); // no such program
        child.on('close', (code) => end(code === 0)); // after the last byte of its output
        child.stdout.setEncoding('utf8').on('data', (text) => { line += text; });
        // What is refused by its first bytes closes the pipe. Without this, that ends the server.
        child.stdin.on('error', () => {});
        upload.on('close', leave);
        upload.pipe(child.stdin);
    });
}

class Stream {
    #child = null;
    #waiting = []; // answers come in the order of the paths
    #arguments;

    constructor(folder, baseUrl, jobs) {
        this.#arguments = ['stream', '-0', '-o', folder, '--base-url', baseUrl,
            '--jobs', String(jobs), ...options];
    }

    // path: of a file that nobody changes, with a name of ours.
    take(path) {
        this.#child ??= this.#start();
        return new Promise((resolve) => {
            const child = this.#child;
            // One that hangs takes the process down, and the others with it; they may try again.
            const timer = setTimeout(endChild, deadline, child);
            this.#waiting.push({ path, resolve, timer });
            child.stdin.write(path + '\0');
        });
    }

    // The uploads that are begun are finished.
    close() {
        this.#child?.stdin.end();
    }

    #start() {
        const child = spawn(program, this.#arguments,
            { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
        const ended = () => {
            if (this.#child === child) {
                this.#child = null; // the next upload starts another
                this.#waiting.splice(0).forEach((one) => {
                    clearTimeout(one.timer);
                    one.resolve({ error: 'interrupted', receipt: {} });
                });
            }
        };
        child.on('error', ended);
        child.on('close', ended);
        child.stdin.on('error', () => {});
        readline.createInterface({ input: child.stdout }).on('line', (line) => {
            const receipt = parse(line);
            const one = this.#waiting.shift();
            // Somebody's photo in somebody else's story would be the worst of all endings.
            if (receipt === null || one === undefined || receipt.input?.name !== one.path) {
                if (one !== undefined)
                    this.#waiting.unshift(one);
                child.kill('SIGKILL');
                ended();
                return;
            }
            clearTimeout(one.timer);
            one.resolve(answerOf(receipt, true));
        });
        return child;
    }
}

// Runs so many at once, lets so many wait, and tells all others that it is busy.
function limit(atOnce, waiting) {
    let running = 0;
    const queue = [];
    return async (work) => {
        if (running < atOnce) {
            running++;
        } else {
            if (queue.length >= waiting)
                return { error: 'busy', receipt: {} };
            await new Promise((go) => { queue.push(go); });
        }
        try {
            return await work();
        } finally {
            const next = queue.shift();
            if (next)
                next(); // who waited longest has the place of this one
            else
                running--;
        }
    };
}

// What to tell the person: {errors: {word: sentence}, removed: {word: sentence}}.
const known = new Map();
function sentences(language) {
    const wanted = /^[a-z]{2,3}$/.test(language) ? language : 'en';
    if (!known.has(wanted)) {
        known.set(wanted, new Promise((resolve) => {
            execFile(program, ['errors', '--json', '--lang', wanted], { timeout: 5000, env: {} },
                (error, out) => {
                    if (!error)
                        return resolve(JSON.parse(out));
                    known.delete(wanted);
                    return resolve(wanted === 'en' ? { errors: {}, removed: {} } : sentences('en'));
                });
        }));
    }
    return known.get(wanted);
}

module.exports = { Stream, limit, processUpload, sentences };
