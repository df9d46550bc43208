<?php
// SPDX-License-Identifier: MIT
// storyphoto.php -- takes one uploaded photo through storyphoto, from PHP 8.
//
//     $tool = new Storyphoto\Tool('/usr/local/bin/storyphoto', '/srv/site/private');
//     $answer = $tool->take($_FILES['photo']['tmp_name'], '/srv/site/public/photos', '/photos');
//     if ($answer['error'] === null)
//         ... $answer['receipt']['picture'] ...
//     else
//         ... $tool->say($answer['error'], 'en') ...
//
// No shell is started, and nothing that the client has named reaches a command line: the upload
// is standard input. Needs proc_open(), which some hosts have in disable_functions. WordPress'
// plugin, ../wordpress, uses this file too.
namespace Storyphoto;

final class Tool
{
    /**
     * @param string $program the path of storyphoto
     * @param string $private a folder that is there and that the web server writes to and does
     *     not serve, for empty files that count how many run
     * @param string[] $options of `storyphoto process`
     * @param int $jobs how many run at once, in all requests; another one waits for 10 seconds
     * @param int $seconds for one photo, more than the preset's `timeout` (20); some forms wait
     *     for no longer than 60
     */
    public function __construct(
        private string $program,
        private string $private,
        private array $options = ['--preset', 'story'],
        private int $jobs = 2,
        private int $seconds = 40
    ) {
    }

    /**
     * Publish what is made of the file $upload in $folder.
     * @return array{error: ?string, receipt: array} error: null only when all is published;
     *     receipt: may be empty after an error
     */
    public function take(string $upload, string $folder, string $base_url = ''): array
    {
        $slot = $this->slot();
        if ($slot === null) {
            return ['error' => 'busy', 'receipt' => []];
        }
        [$status, $line] = $this->run(
            ['process', '--json', '-o', $folder, '--base-url', $base_url, ...$this->options, '-'],
            $upload,
            $this->seconds
        );
        fclose($slot);
        $receipt = json_decode($line, true);
        if (!is_array($receipt) || ($receipt['schema'] ?? '') !== 'storyphoto.receipt/1') {
            // Nothing was begun: no such program, preset or folder. Standard error says it.
            error_log("storyphoto gave no receipt and exit code $status");
            return ['error' => 'internal', 'receipt' => []];
        }
        // Both must say so: a receipt alone might be that of a run that did not end well.
        if ($status === 0 && $receipt['status'] === 'ok') {
            return ['error' => null, 'receipt' => $receipt];
        }
        $error = $receipt['error'] ?? ['code' => 'internal', 'message' => "exit code $status"];
        if ($receipt['status'] !== 'refused') { // not the photo's fault: for who keeps the site
            error_log("storyphoto: {$error['message']} ({$error['code']})");
        }
        return ['error' => $error['code'], 'receipt' => $receipt];
    }

    /** The sentence for an error code, for the person who has sent the photo. */
    public function say(string $code, string $language): string
    {
        $errors = $this->sentences($language)['errors'] ?? [];
        return $errors[$code] ?? $errors['internal'] ?? 'We cannot take photos at the moment.';
    }

    /**
     * All sentences, in $language or else in English; empty when the program cannot be run.
     * @return array{errors?: array<string, string>, removed?: array<string, string>}
     */
    public function sentences(string $language): array
    {
        static $known = [];
        foreach ([preg_match('/^[a-z]{2,3}$/D', $language) ? $language : 'en', 'en'] as $try) {
            if (!isset($known[$try])) {
                [$status, $line] = $this->run(['errors', '--json', '--lang', $try], '/dev/null', 5);
                $known[$try] = $status === 0 ? json_decode($line, true) ?? [] : [];
            }
            if ($known[$try] !== []) {
                return $known[$try];
            }
        }
        return [];
    }

    /** The word for what PHP itself says of an upload ($_FILES[...]['error']). */
    public static function upload_error(int $error): string
    {
        return match ($error) {
            UPLOAD_ERR_INI_SIZE, UPLOAD_ERR_FORM_SIZE => 'too-large',
            UPLOAD_ERR_PARTIAL => 'truncated',
            UPLOAD_ERR_NO_FILE => 'empty',
            default => 'cannot-write', // no folder for temporary files, or a full one
        };
    }

    /** The status of the page that says it. */
    public static function http_status(string $code, array $receipt): int
    {
        return match (true) {
            $code === 'too-large' => 413,
            in_array($code, ['busy', 'input-timeout', 'interrupted'], true) => 503,
            ($receipt['status'] ?? '') === 'refused',
            in_array($code, ['empty', 'truncated'], true) => 422,
            default => 500,
        };
    }

    /** @return array{int, string} exit code (-1 after a signal) and standard output */
    private function run(array $arguments, string $stdin, int $seconds): array
    {
        // An array: no shell. Standard error is ours, so messages are where PHP's are.
        $command = [$this->program, ...$arguments];
        $streams = [0 => ['file', $stdin, 'r'], 1 => ['pipe', 'w']];
        $process = @proc_open($command, $streams, $pipes, null, []);
        if ($process === false) {
            return [-1, ''];
        }
        // SIGTERM lets it finish what it is publishing, and it still gives its receipt. SIGKILL
        // leaves no half file either; its renderers end with it.
        $out = '';
        foreach ([[0, $seconds], [15, 5], [9, 5]] as [$signal, $wait]) {
            if ($signal !== 0) {
                proc_terminate($process, $signal);
            }
            if (self::read($pipes[1], $wait, $out)) {
                break;
            }
        }
        fclose($pipes[1]);
        return [proc_close($process), $out];
    }

    /** Append to $out until the end of the stream (true), for $seconds at most. */
    private static function read($pipe, int $seconds, string &$out): bool
    {
        // A blocking fread() would wait for ever, and max_execution_time does not count waiting.
        stream_set_blocking($pipe, false);
        $end = microtime(true) + $seconds;
        while (!feof($pipe)) {
            $left = $end - microtime(true);
            if ($left <= 0) {
                return false;
            }
            $readable = [$pipe];
            $none = null;
            stream_select($readable, $none, $none, (int) $left, (int) (fmod($left, 1) * 1e6));
            $out .= fread($pipe, 65536);
        }
        return true;
    }

    /** One of $jobs locks, until it is closed or this process has ended, however it ends. */
    private function slot()
    {
        for ($tries = 0; $tries < 100; $tries++) {
            for ($i = 0; $i < $this->jobs; $i++) {
                // Without 'e' storyphoto has it too: it counts until both have ended.
                $slot = @fopen("$this->private/slot-$i", 'c');
                if ($slot && flock($slot, LOCK_EX | LOCK_NB)) {
                    return $slot;
                }
            }
            usleep(100000);
        }
        return null;
    }
}
