// SPDX-License-Identifier: MIT
// server.js -- a form for a story with a photo, and what takes the photo. To try it:
//
//     mkdir -p public/photos private && node server.js            # a process for each upload
//     mkdir -p public/photos private && node server.js --stream   # one process for all
//
// The page sends the bytes of the photo alone, by fetch(): no multipart body has to be parsed, the
// photo's name stays on the phone, and so does what was written when the photo is not taken.
'use strict';
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const storyphoto = require('./storyphoto.js');

const photos = path.resolve('public/photos');
const spool = path.resolve('private'); // for --stream: a folder in memory (tmpfs) is best
const maxUpload = 64 * 1024 * 1024; // as the preset has it
// A place is taken while the photo arrives, which may be a minute for a phone in a train.
const limited = storyphoto.limit(Number(process.env.AT_ONCE || 8), 16);
const stream = process.argv.includes('--stream')
    ? new storyphoto.Stream(photos, '/photos', 2) : null;

// The upload as a file without its name, for as long as it takes.
async function spooled(request) {
    const file = path.join(spool, randomBytes(16).toString('hex'));
    let bytes = 0;
    try {
        await pipeline(request, async function* (chunks) {
            for await (const chunk of chunks) {
                bytes += chunk.length;
                if (bytes > maxUpload) // it came without a length, or with a false one
                    throw new Error('too-large');
                yield chunk;
            }
        }, fs.createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        return await stream.take(file);
    } catch (error) {
        return { error: bytes > maxUpload ? 'too-large' : 'cannot-write', receipt: {} };
    } finally {
        await fs.promises.rm(file, { force: true });
    }
}

function statusOf(error, receipt) {
    if (error === null)
        return 200;
    if (error === 'too-large')
        return 413;
    if (['busy', 'input-timeout', 'interrupted'].includes(error))
        return 503;
    return receipt.status === 'refused' ? 422 : 500;
}

async function takePhoto(request, response) {
    const language = (request.headers['accept-language'] ?? 'en').slice(0, 2).toLowerCase();
    let answer = { error: 'too-large', receipt: {} };
    if (Number(request.headers['content-length'] ?? 0) <= maxUpload)
        answer = await limited(() => {
            if (response.destroyed) // went away while waiting
                return { error: 'interrupted', receipt: {} };
            return stream ? spooled(request)
                : storyphoto.processUpload(request, photos, '/photos');
        });
    request.resume();
    const { error, receipt } = answer;
    const { errors, removed } = await storyphoto.sentences(language);
    // Not the whole receipt: input.name may be a path of ours.
    const said = error === null
        ? { picture: receipt.picture, removed: receipt.removed.map((word) => removed[word]) }
        : { error, sentence: errors[error] ?? errors.internal
            ?? 'We cannot take photos at the moment.' };
    const status = statusOf(error, receipt);
    response.writeHead(status, {
        'Content-Type': 'application/json',
        ...(status === 503 && { 'Retry-After': '60' }),
    });
    response.end(JSON.stringify(said));
}

function sendFile(response, file, type) {
    fs.createReadStream(file)
        .on('open', () => response.writeHead(200, { 'Content-Type': type }))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
}

const server = http.createServer((request, response) => {
    const photo = /^\/photos\/([a-z0-9]+\.(webp|jpg))$/.exec(request.url);
    if (request.method === 'POST' && request.url === '/photos')
        takePhoto(request, response);
    else if (request.method === 'GET' && request.url === '/')
        sendFile(response, path.join(__dirname, 'form.html'), 'text/html; charset=utf-8');
    else if (request.method === 'GET' && photo)
        sendFile(response, path.join(photos, photo[1]),
            photo[2] === 'webp' ? 'image/webp' : 'image/jpeg');
    else
        response.writeHead(404).end();
});
server.listen(Number(process.env.PORT || 8000), '127.0.0.1');
process.on('SIGTERM', () => { // what is begun is finished
    server.close(() => stream?.close());
    server.closeIdleConnections();
    setTimeout(() => process.exit(1), 30000).unref();
});
