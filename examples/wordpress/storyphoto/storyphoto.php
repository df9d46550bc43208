<?php
/**
 * Plugin Name: Storyphoto
 * Description: Publishes of each photo only new pictures, with nothing in them but what is seen.
 * Version: 0.1.0
 * Requires at least: 6.0
 * Requires PHP: 8.0
 * License: MIT
 *
 * SPDX-License-Identifier: MIT
 *
 * What it does, in reading order: upload.php takes every picture that comes through WordPress'
 * upload functions, from whomever, and leaves of it what storyphoto makes; show.php shows it in
 * pages and in the media library; form.php is a form for people without an account. tool.php calls
 * the program. Where storyphoto cannot be run, no picture is taken: there is no way around it.
 *
 * Settings, in wp-config.php, all optional:
 *     define('STORYPHOTO_PROGRAM', '/usr/local/bin/storyphoto');
 *     define('STORYPHOTO_PRESET', 'responsive');   // or the path of a preset file
 *     define('STORYPHOTO_JOBS', 2);                // how many photos at once
 */
defined('ABSPATH') || exit;

require __DIR__ . '/tool.php';
require __DIR__ . '/upload.php';
require __DIR__ . '/show.php';
require __DIR__ . '/form.php';

/** Where files lie until they have their names: published ones only, for a moment. */
function storyphoto_folder(): string
{
    $folder = wp_upload_dir(null, false)['basedir'] . '/.storyphoto';
    if (!is_dir($folder)) {
        @mkdir($folder, 0700, true);
    }
    return $folder;
}

function storyphoto_tool(): Storyphoto\Tool
{
    static $tool = null;
    return $tool ??= new Storyphoto\Tool(
        defined('STORYPHOTO_PROGRAM') ? STORYPHOTO_PROGRAM : '/usr/local/bin/storyphoto',
        storyphoto_folder(),
        // Random names: who has the original cannot find out what became of it, and nobody finds
        // a photo that waits to be looked at.
        ['--preset', defined('STORYPHOTO_PRESET') ? STORYPHOTO_PRESET : 'responsive',
            '--set', 'preset.names=random'],
        defined('STORYPHOTO_JOBS') ? STORYPHOTO_JOBS : 2
    );
}

/** All sentences in the language of who is here; kept for a day, an empty list for no time. */
function storyphoto_sentences(): array
{
    $language = substr(determine_locale(), 0, 2);
    $sentences = get_transient("storyphoto_$language");
    if (!is_array($sentences)) {
        $sentences = storyphoto_tool()->sentences($language);
        if ($sentences !== []) {
            set_transient("storyphoto_$language", $sentences, DAY_IN_SECONDS);
        }
    }
    return $sentences;
}

/** What to tell the person who has sent the photo. */
function storyphoto_say(string $code): string
{
    $errors = storyphoto_sentences()['errors'] ?? [];
    return $errors[$code] ?? $errors['internal'] ?? 'We cannot take photos at the moment.';
}
