<?php
// SPDX-License-Identifier: MIT
// form.php -- [storyphoto_form]: a story and a photo from somebody without an account.
//
// What is sent becomes a post that waits to be looked at (pending), with the photo in it. It keeps
// neither address nor time of day of who sent it; the web server's logs are another matter. The
// form is sent to its own page, so that what was written is still there when the photo was not
// taken. It has no nonce: there is no account whose rights could be abused, and in a cached page
// a nonce is a stale one. How many may send how often is for the site to limit.
defined('ABSPATH') || exit;

add_shortcode('storyphoto_form', ['Storyphoto_Form', 'html']);
add_action('template_redirect', ['Storyphoto_Form', 'take']);

final class Storyphoto_Form
{
    private static string $story = '';
    private static string $problem = '';

    public static function take(): void
    {
        if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST' || !is_singular()
            || !has_shortcode(get_queried_object()->post_content, 'storyphoto_form')) {
            return;
        }
        // Over post_max_size PHP throws all of it away, and says nothing.
        if ($_POST === [] && $_FILES === []) {
            self::refuse(storyphoto_say('too-large'), 413);
            return;
        }
        if (!is_string($_POST['storyphoto_story'] ?? null)) {
            return;
        }
        self::$story = wp_unslash($_POST['storyphoto_story']);
        // Several files where the form has one come as arrays.
        $photo = $_FILES['storyphoto_photo'] ?? ['error' => UPLOAD_ERR_NO_FILE];
        if (!is_int($photo['error'])) {
            self::refuse(storyphoto_say('internal'), 400);
            return;
        }
        $id = $photo['error'] === UPLOAD_ERR_NO_FILE ? 0 : self::photo();
        if (is_wp_error($id)) {
            self::refuse($id->get_error_message(), 422);
            return;
        }
        $post = self::post($id);
        if (is_wp_error($post)) {
            if ($id) {
                wp_delete_attachment($id, true);
            }
            self::refuse(storyphoto_say('internal'), 500);
            return;
        }
        // So that to load it again does not send it again.
        wp_safe_redirect(add_query_arg('storyphoto', 'thanks', get_permalink()), 303);
        exit;
    }

    /** @return int|WP_Error the attachment; upload.php has seen to what is in it */
    private static function photo()
    {
        require_once ABSPATH . 'wp-admin/includes/file.php';
        require_once ABSPATH . 'wp-admin/includes/image.php';
        require_once ABSPATH . 'wp-admin/includes/media.php';
        return media_handle_upload('storyphoto_photo', 0, [
            'post_author' => 0,
            'post_date' => gmdate('Y-m-d 00:00:00'), // the minute could tell who sent it
        ]);
    }

    /** @return int|WP_Error */
    private static function post(int $photo)
    {
        // Text, all of it: no HTML, no block, and no [shortcode] that would be run in the page.
        $content = wpautop(str_replace('[', '&#91;', esc_html(self::$story)));
        if ($photo) {
            $content = sprintf(
                '<!-- wp:image {"id":%1$d,"sizeSlug":"full"} --><figure class="wp-block-image'
                . ' size-full"><img src="%2$s" alt="" class="wp-image-%1$d"/></figure>'
                . '<!-- /wp:image -->',
                $photo,
                esc_url(wp_get_attachment_url($photo))
            ) . $content;
        }
        $post = wp_insert_post([
            'post_title' => 'A story',
            'post_content' => wp_slash($content),
            'post_status' => 'pending',
            'post_author' => 0,
            'post_date' => gmdate('Y-m-d 00:00:00'),
        ], true);
        if ($photo && !is_wp_error($post)) { // while it belongs to nothing, anybody may list it
            wp_update_post(['ID' => $photo, 'post_parent' => $post]);
        }
        return $post;
    }

    private static function refuse(string $sentence, int $status): void
    {
        self::$problem = $sentence;
        status_header($status);
        nocache_headers();
    }

    public static function html(): string
    {
        if (($_GET['storyphoto'] ?? '') === 'thanks') {
            return '<p class="storyphoto-thanks">Thank you. We have your story.</p>';
        }
        $problem = self::$problem === '' ? ''
            : '<p role="alert" class="storyphoto-problem"><strong>' . esc_html(self::$problem)
            . '</strong></p>';
        return $problem . '<form method="post" enctype="multipart/form-data" action="'
            . esc_url(get_permalink()) . '">'
            . '<p><label>Your story<br><textarea name="storyphoto_story" rows="8" cols="50" required>'
            . esc_textarea(self::$story) . '</textarea></label></p>'
            . '<p><label>A photo<br><input type="file" name="storyphoto_photo" accept="image/*">'
            . '</label></p><p><button type="submit">Send</button></p></form>';
    }
}
