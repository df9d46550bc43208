<?php
// SPDX-License-Identifier: MIT
// upload.php -- of each uploaded picture only what storyphoto makes of it reaches WordPress.
//
// The media library, the block editor, the REST API and most form plugins store files by
// wp_handle_upload() or wp_handle_sideload(). Both ask a filter first, while the upload is still a
// temporary file. There storyphoto is run, and the widest JPEG that it makes is written over the
// upload: WordPress then stores that one as if it had been sent, under its name, and can read no
// EXIF, because there is none. When it is stored, the other variants are put beside it, with its
// name: NAME.jpg, NAME-480.jpg, NAME-1024.webp. They are what WordPress has as sizes; it makes none
// of its own.
//
// Not a picture and not refused: documents of those who may upload. A plugin that moves files by
// itself cannot be stopped from here; wp_upload_bits() (XML-RPC) can only be refused, and is.
defined('ABSPATH') || exit;

add_filter('wp_handle_upload_prefilter', ['Storyphoto_Upload', 'take'], PHP_INT_MAX);
add_filter('wp_handle_sideload_prefilter', ['Storyphoto_Upload', 'take'], PHP_INT_MAX);
add_filter('wp_handle_upload', ['Storyphoto_Upload', 'stored']);
add_action('add_attachment', ['Storyphoto_Upload', 'attached']);
add_action('delete_attachment', ['Storyphoto_Upload', 'delete']);
add_filter('intermediate_image_sizes_advanced', ['Storyphoto_Upload', 'no_sizes'], 10, 3);
add_filter('wp_generate_attachment_metadata', ['Storyphoto_Upload', 'sizes'], 10, 2);
add_filter('wp_upload_bits', ['Storyphoto_Upload', 'refuse_bits']);
register_shutdown_function(['Storyphoto_Upload', 'forget']);

final class Storyphoto_Upload
{
    /** Made, and not stored yet: its folder and its receipt. */
    private static ?array $pending = null;
    /** What is kept of a receipt, by the path of its stored JPEG. */
    private static array $stored = [];

    public static function take(array $file): array
    {
        self::forget();
        $error = $file['error'] ?? 0;
        if ($error !== 0 && !is_numeric($error)) { // another plugin has refused it
            return $file;
        }
        if ((int) $error !== UPLOAD_ERR_OK) {
            $file['error'] = storyphoto_say(Storyphoto\Tool::upload_error((int) $error));
            return $file;
        }
        if (current_user_can('upload_files') && !self::is_picture($file)) {
            return $file;
        }
        $word = self::replace($file);
        if ($word !== null) {
            self::forget();
            // Whoever called us may not delete it.
            file_put_contents($file['tmp_name'], '');
            $file['error'] = storyphoto_say($word);
        }
        return $file;
    }

    /** Write the JPEG over the upload. Null, or the word for why not. */
    private static function replace(array &$file): ?string
    {
        $folder = storyphoto_folder() . '/' . bin2hex(random_bytes(8));
        if (!@mkdir($folder, 0700)) {
            return 'cannot-write';
        }
        self::$pending = ['folder' => $folder];
        ['error' => $word, 'receipt' => $receipt] =
            storyphoto_tool()->take($file['tmp_name'], $folder);
        if ($word !== null) {
            return $word;
        }
        $main = null;
        foreach ($receipt['outputs'] as $output) {
            if ($output['format'] === 'jpeg' && $output['width'] >= ($main['width'] ?? 0)) {
                $main = $output;
            }
        }
        if ($main === null) { // a preset without a JPEG
            return 'bad-preset';
        }
        self::$pending += ['receipt' => $receipt, 'main' => $main];
        if (!copy($main['path'], $file['tmp_name'])
            || hash_file('sha256', $file['tmp_name']) !== $main['sha256']) {
            return 'no-space';
        }
        // The name that it was sent with says something too: it would become a title.
        $file['name'] = explode('-', basename($main['path'], '.jpg'))[0] . '.jpg';
        if (isset($file['full_path'])) {
            $file['full_path'] = $file['name'];
        }
        $file['type'] = 'image/jpeg';
        $file['size'] = $main['bytes'];
        return null;
    }

    /** By its name or by its bytes. Nothing is decoded here. */
    private static function is_picture(array $file): bool
    {
        $by_name = wp_check_filetype($file['name'], wp_get_mime_types())['type'];
        $by_bytes = function_exists('mime_content_type') ? mime_content_type($file['tmp_name']) : '';
        foreach ([$by_name, $by_bytes, $file['type'] ?? ''] as $type) {
            if (str_starts_with((string) $type, 'image/')) {
                return true;
            }
        }
        return false;
    }

    /** WordPress has stored the JPEG: put the other variants beside it. */
    public static function stored(array $upload): array
    {
        $pending = self::$pending;
        if ($pending === null || !isset($pending['main'], $upload['file'])
            || hash_file('sha256', $upload['file']) !== $pending['main']['sha256']) {
            return $upload;
        }
        $main = $pending['main'];
        $name = preg_replace('/\.[^.]*$/', '', $upload['file']);
        $kept = [];
        foreach ($pending['receipt']['outputs'] as $output) {
            $sha256 = $output['sha256'];
            if (isset($kept[$sha256])) { // a small photo: two widths are the same file
                continue;
            }
            $path = $upload['file'];
            if ($sha256 !== $main['sha256']) {
                $path = $name . strpbrk(basename($output['path']), '-.');
                if (!@rename($output['path'], $path)) {
                    continue;
                }
                chmod($path, fileperms($upload['file']) & 0666);
            }
            // As storyphoto has it: the minute of an upload could tell who sent it.
            touch($path, intdiv(time(), DAY_IN_SECONDS) * DAY_IN_SECONDS);
            $kept[$sha256] = ['file' => basename($path)]
                + array_intersect_key($output, array_flip(['format', 'width', 'height', 'bytes']));
        }
        // Not `input`: the size of a screenshot names the phone that it comes from.
        self::$stored[$upload['file']] = ['outputs' => array_values($kept)]
            + array_intersect_key($pending['receipt'],
                array_flip(['removed', 'preset', 'version', 'sandbox']));
        self::forget();
        return $upload;
    }

    public static function attached(int $id): void
    {
        $kept = self::$stored[get_attached_file($id)] ?? null;
        if ($kept !== null) {
            update_post_meta($id, '_storyphoto', $kept);
        }
    }

    public static function no_sizes(array $sizes, $metadata, $id = 0): array
    {
        return get_post_meta($id, '_storyphoto', true) ? [] : $sizes;
    }

    /** The narrower JPEGs are what WordPress calls medium and medium_large. */
    public static function sizes($metadata, int $id)
    {
        $kept = get_post_meta($id, '_storyphoto', true);
        if (!$kept || !is_array($metadata)) {
            return $metadata;
        }
        $names = ['medium', 'medium_large'];
        foreach ($kept['outputs'] as $output) {
            if ($output['format'] === 'jpeg' && $output['width'] < $metadata['width'] && $names) {
                $metadata['sizes'][array_shift($names)] = [
                    'file' => $output['file'],
                    'width' => $output['width'],
                    'height' => $output['height'],
                    'mime-type' => 'image/jpeg',
                    'filesize' => $output['bytes'],
                ];
            }
        }
        return $metadata;
    }

    /** WordPress deletes the files that it knows; these are the others. */
    public static function delete(int $id): void
    {
        $kept = get_post_meta($id, '_storyphoto', true);
        foreach ($kept['outputs'] ?? [] as $output) {
            wp_delete_file(dirname(get_attached_file($id)) . '/' . basename($output['file']));
        }
    }

    /** XML-RPC's way: whoever filters it can only say no. */
    public static function refuse_bits($upload)
    {
        if (!is_array($upload)) { // another plugin has refused it
            return $upload;
        }
        $by_name = wp_check_filetype($upload['name'], wp_get_mime_types())['type'];
        $by_bytes = class_exists('finfo')
            ? (new finfo(FILEINFO_MIME_TYPE))->buffer($upload['bits']) : '';
        $is_picture = str_starts_with("$by_name", 'image/') || str_starts_with("$by_bytes", 'image/');
        return $is_picture ? 'Pictures cannot be sent this way. The media page takes them.' : $upload;
    }

    /** What was made for an upload that then came to nothing. */
    public static function forget(): void
    {
        if (self::$pending !== null) {
            array_map('unlink', glob(self::$pending['folder'] . '/*'));
            @rmdir(self::$pending['folder']);
            self::$pending = null;
        }
    }
}
