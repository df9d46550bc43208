# SPDX-License-Identifier: MIT
# wordpress-lib.sh -- Debian's WordPress, with a database of its own, in the scratch folder: the
# installed one is not touched, nor any database server that runs. Sourced after backend-lib.sh.
secret='a word to pass'
trap 'stop_server; stop_database; clean_up' EXIT

start_database() {
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$scratch/db" \
        --auth-root-authentication-method=normal --skip-test-db >db.log 2>&1
    mariadbd --no-defaults --user="$(id -un)" --datadir="$scratch/db" --skip-networking \
        --skip-log-bin --socket="$scratch/db.sock" --pid-file="$scratch/db.pid" >>db.log 2>&1 &
    database=$!
    await sql 'CREATE DATABASE IF NOT EXISTS site'
}
database=
stop_database() {
    [ -z "$database" ] || kill "$database" 2>/dev/null
    [ -z "$database" ] || wait "$database" 2>/dev/null
    database=
}
sql() { mariadb --no-defaults --socket="$scratch/db.sock" -u root -N -e "$@"; }
dump() { mariadb-dump --no-defaults --socket="$scratch/db.sock" -u root site; }

# www/, with the plugin in it but not active, and what helps to look: mu-plugins/test.php lets a
# request say its language, a page tell which file it shows, and a browser be the keeper.
install_wordpress() {
    cp -rL /usr/share/wordpress www
    cp -rL "$root/examples/wordpress/storyphoto" www/wp-content/plugins/storyphoto
    rm www/wp-config.php
    mkdir -p www/wp-content/mu-plugins www/wp-content/uploads tmp
    cat >www/wp-config.php <<END
<?php
define('DB_NAME', 'site');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$scratch/db.sock');
define('WP_HOME', 'http://127.0.0.1:$port');
define('WP_SITEURL', WP_HOME);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '$scratch/debug.log');
define('STORYPHOTO_PROGRAM', getenv('STORYPHOTO'));
\$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
END
    cat >www/wp-content/mu-plugins/test.php <<'END'
<?php
add_filter('locale', fn ($now) => $_SERVER['HTTP_X_TEST_LOCALE'] ?? $now);
add_action('init', function () {
    if (isset($_GET['as_keeper'])) {
        wp_set_auth_cookie(1);
        wp_safe_redirect(admin_url('post.php?action=edit&post=' . (int) $_GET['as_keeper']));
        exit;
    }
});
add_action('wp_footer', function () { ?><script>addEventListener('load', () => {
    document.body.dataset.shown = [...document.images].map(i => i.currentSrc + ' ' + i.naturalWidth);
})</script><?php });
END
    cat >install.php <<'END'
<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[1];
require 'www/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Stories', 'keeper', 'keeper@example.org', true, '', $argv[2]);
echo wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Send',
    'post_content' => '[storyphoto_form]']);
END
    php -d sendmail_path=/bin/true install.php "127.0.0.1:$port" "$secret"
}

# serve_wordpress: with the plugin calling $STORYPHOTO.
serve_wordpress() {
    PHP_CLI_SERVER_WORKERS=3 serve php -d upload_max_filesize=4M -d post_max_size=8M \
        -d upload_tmp_dir="$scratch/tmp" -d sys_temp_dir="$scratch/tmp" -d sendmail_path=/bin/true \
        -S "127.0.0.1:$port" -t www
}
log_in() {
    curl -s -o /dev/null -c jar "$site/wp-login.php"
    ask 302 'logged in' -b jar -c jar -d log=keeper --data-urlencode "pwd=$secret" -d testcookie=1 \
        "$site/wp-login.php"
}
nonce() { curl -s -b jar "$site/wp-admin/admin-ajax.php?action=rest-nonce"; }
# rest STATUS NAME ROUTE [CURL'S ARGUMENT]...: as the keeper.
rest() {
    rest_status=$1 rest_name=$2 rest_route=$3
    shift 3
    ask "$rest_status" "$rest_name" -b jar -H "X-WP-Nonce: $(nonce)" "$@" \
        "$site/index.php?rest_route=$rest_route"
}
# library STATUS NAME FILE [CURL'S ARGUMENT]...: as the media library sends it.
library() {
    library_nonce=$(curl -s -b jar "$site/wp-admin/media-new.php" \
        | sed -n 's/.*"_wpnonce":"\([0-9a-f]*\)".*/\1/p' | head -n 1)
    library_status=$1 library_name=$2 library_file=$3
    shift 3
    ask "$library_status" "$library_name" -b jar -F action=upload-attachment \
        -F "_wpnonce=$library_nonce" -F "async-upload=@$library_file;filename=$canary.jpg" "$@" \
        "$site/wp-admin/async-upload.php"
}
of_body() { jq -r "$1" body; }
