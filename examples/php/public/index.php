<?php
// SPDX-License-Identifier: MIT
// index.php -- a form for a story with a photo, and its handler. To try it:
//
//     mkdir -p private public/photos
//     php -d upload_max_filesize=64M -d post_max_size=65M -S localhost:8000 -t public
//
// PHP's own limits are 2 and 8 MB, less than many a phone's photo has: raise them (php.ini) to what
// the preset's max-upload says. PHP keeps the upload in upload_tmp_dir until the request has
// ended: let that be memory (tmpfs), and the original never meets a disk.
require __DIR__ . '/../storyphoto.php';

$photos = __DIR__ . '/photos';
$tool = new Storyphoto\Tool(
    getenv('STORYPHOTO') ?: '/usr/local/bin/storyphoto',
    __DIR__ . '/../private',
    ['--preset', 'story', '--set', 'preset.names=random', '--set', 'limits.timeout=20']
);
$language = strtolower(substr($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? 'en', 0, 2));
$story = is_string($_POST['story'] ?? null) ? $_POST['story'] : '';
$problem = null;
$receipt = [];

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $photo = $_FILES['photo'] ?? null;
    if ($photo === null) { // over post_max_size PHP throws all of it away, and says nothing
        $word = 'too-large';
    } elseif (!is_int($photo['error'])) { // photo[]: several, where the form has one
        $word = 'internal';
    } elseif ($photo['error'] !== UPLOAD_ERR_OK) {
        $word = Storyphoto\Tool::upload_error($photo['error']);
    } else {
        // Not $photo['name']: it says something of its owner, and may be ../../anything.
        ['error' => $word, 'receipt' => $receipt] =
            $tool->take($photo['tmp_name'], $photos, '/photos');
    }
    if ($word !== null) {
        $problem = $tool->say($word, $language);
        http_response_code(Storyphoto\Tool::http_status($word, $receipt));
        if (http_response_code() === 503) {
            header('Retry-After: 60');
        }
    }
    // A site now keeps $story with $receipt['picture'] and the names in $receipt['outputs'].
}

function h(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE);
}
?>
<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Your story</title>
<style>body { font: 1.1em/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }
textarea { width: 100%; font: inherit } img { max-width: 100%; height: auto }
[role=alert] { border-left: .3em solid #b30000; padding: .5em 1em }</style>
<?php if ($receipt !== [] && $problem === null): ?>
<h1>Thank you</h1>
<p><?= nl2br(h($story)) ?></p>
<?= $receipt['picture'] /* made by storyphoto, of names that it has made */ ?>

<ul>
<?php foreach ($receipt['removed'] as $what): ?>
<li><?= h($tool->sentences($language)['removed'][$what] ?? $what) ?></li>
<?php endforeach ?>
</ul>
<?php else: ?>
<h1>Your story</h1>
<?php if ($problem !== null): ?>
<p role="alert"><?= h($problem) ?></p>
<?php endif ?>
<form method="post" enctype="multipart/form-data">
<?php /* What they have written is still there when the photo was not taken. */ ?>
<p><label>Your story<br><textarea name="story" rows="8"><?= h($story) ?></textarea></label></p>
<p><label>A photo<br><input type="file" name="photo" accept="image/*" required></label></p>
<p><button>Send</button></p>
</form>
<?php endif ?>
