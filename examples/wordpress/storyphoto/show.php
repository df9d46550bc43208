<?php
// SPDX-License-Identifier: MIT
// show.php -- <picture> in pages, and the receipt in the media library.
defined('ABSPATH') || exit;

add_filter('wp_content_img_tag', fn ($img, $context, $id) => storyphoto_picture($img, $id), 20, 3);
add_filter('wp_get_attachment_image', 'storyphoto_picture', 20, 2);
add_filter('attachment_fields_to_edit', 'storyphoto_receipt', 10, 2);
add_action('admin_notices', 'storyphoto_notice');

/** The <img> of an attachment, with its WebPs offered first. */
function storyphoto_picture(string $img, int $id): string
{
    $kept = $id > 0 && !is_admin() ? get_post_meta($id, '_storyphoto', true) : null;
    // A page of blocks is filtered twice.
    if (!$kept || str_contains($img, 'data-storyphoto')
        || !preg_match('/\ssrc="([^"]*\/)([^"\/]*)"/', $img, $src)) {
        return $img;
    }
    // One that was cropped or turned in WordPress has another name: the WebP would show what an
    // editor has cut away.
    if (!in_array($src[2], array_column($kept['outputs'], 'file'), true)) {
        return $img;
    }
    $webps = [];
    foreach ($kept['outputs'] as $output) {
        if ($output['format'] === 'webp') {
            $webps[] = esc_url($src[1] . $output['file']) . " {$output['width']}w";
        }
    }
    preg_match('/\swidth="(\d+)"/', $img, $width);
    preg_match('/\ssizes="([^"]*)"/', $img, $sizes);
    $shown = $width[1] ?? 1024;
    return sprintf(
        '<picture><source type="image/webp" srcset="%s" sizes="%s">%s</picture>',
        implode(', ', $webps),
        $sizes[1] ?? "(max-width: {$shown}px) 100vw, {$shown}px",
        preg_replace('/^<img\s/', '<img data-storyphoto="" ', $img)
    );
}

/** In the details of an attachment: what was removed, and what there is. */
function storyphoto_receipt(array $fields, WP_Post $post): array
{
    $kept = get_post_meta($post->ID, '_storyphoto', true);
    if (!$kept) {
        return $fields;
    }
    $sentences = storyphoto_sentences()['removed'] ?? [];
    $html = '';
    foreach ($kept['removed'] as $what) {
        $html .= '<li>' . esc_html($sentences[$what] ?? $what) . '</li>';
    }
    foreach ($kept['outputs'] as $output) {
        $html .= '<li>' . esc_html(sprintf('%s: %d × %d, %s', $output['format'], $output['width'],
            $output['height'], size_format($output['bytes']))) . '</li>';
    }
    $about = "storyphoto {$kept['version']}, {$kept['preset']}, {$kept['sandbox']}";
    $fields['storyphoto'] = [
        'label' => 'Storyphoto',
        'input' => 'html',
        'html' => "<ul class=\"storyphoto-receipt\">$html</ul><p>" . esc_html($about) . '</p>',
        'show_in_edit' => true,
    ];
    return $fields;
}

function storyphoto_notice(): void
{
    if (current_user_can('upload_files') && storyphoto_sentences() === []) {
        echo '<div class="notice notice-error"><p>Storyphoto: the program storyphoto cannot be run,',
            ' so no picture can be uploaded. See STORYPHOTO_PROGRAM in the plugin.</p></div>';
    }
}
