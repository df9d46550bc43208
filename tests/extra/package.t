#!/bin/sh
# SPDX-License-Identifier: MIT
# package.t -- `make deb`, which lintian must accept; then, in a Debian 12 that has nothing else,
# the packages are installed, used by somebody who is not root, and purged, after which no file is
# there that was not there before. DEBS=DIR: with packages that are built already.
#
# What is mounted for the chroot is mounted in a namespace of its own: no end of this test can leave
# the host's /dev below a folder that is deleted.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/systemd-lib.sh"
[ -n "${DEBS:-}" ] || DEBS=$root/build-deb
since() { echo "# $2: $(($(date +%s) - $1)) s"; }

# ---- the packages ----------------------------------------------------------------------------------
listed() { sed -n '/^Build-Depends/,/^[^ ]*:/p' "$root/debian/control" | grep -oE '[a-z0-9.+-]+-dev\b|pkg-config' | sort -u; }
wanted() { make -s -C "$root" print-DEBS_BUILD | tr ' ' '\n' | grep -vxE 'gcc|libc6-dev' | sort -u; }
check 'what the build needs is what the Makefile installs' test "$(listed)" = "$(wanted)"
begun=$(date +%s)
if [ "$DEBS" = "$root/build-deb" ]; then
    run make -C "$root" deb
    expect 0 '*' '*' 'make deb, and lintian has nothing to say'
    since "$begun" 'building and checking the packages'
    [ "$code" = 0 ] || tail -n 30 .streams/out | sed 's/^/# /'
fi
contents() { dpkg-deb -c "$DEBS/$1"_*.deb | sed 's/.* \.\(\/[^ ]*\).*/\1/'; }
check 'storyphoto' test -n "$(contents storyphoto)"
contents storyphoto >storyphoto.list
while read -r file; do
    check "has $file" grep -qxF "$file" storyphoto.list
done <<'end'
/usr/bin/storyphoto
/usr/libexec/storyphoto/storyphoto-render-jpeg
/usr/libexec/storyphoto/storyphoto-bulk
/usr/share/man/man1/storyphoto.1.gz
/usr/share/man/man5/storyphoto-presets.5.gz
/usr/share/storyphoto/receipt.schema.json
/usr/share/bash-completion/completions/storyphoto
/usr/share/zsh/vendor-completions/_storyphoto
/usr/share/fish/vendor_completions.d/storyphoto.fish
/lib/systemd/system/storyphoto-batch@.service
/lib/systemd/system/storyphoto-batch@.timer
/usr/share/doc/storyphoto/examples/presets/story.ini
end
check_not 'it does not link the library' sh -c "dpkg-deb -f '$DEBS'/storyphoto_*.deb Depends | grep libstoryphoto"
check_not 'nothing is enabled' grep -q '/etc/systemd/.*wants' storyphoto.list

# ---- a Debian 12 with nothing else -----------------------------------------------------------------
why=
[ "$(id -u)" = 0 ] || why='only root can'
command -v debootstrap >/dev/null || why='debootstrap is not installed'
grep -q VERSION_CODENAME=bookworm /etc/os-release || why='the packages are for Debian 12, this is another'
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -oE '^(deb|URIs:) .*' | grep -oE 'https?://[^ ]*/debian/?( |$)' | head -n 1)
[ -n "$mirror" ] || why='no mirror of Debian is known'
if [ -z "$why" ] && ! unshare -m true 2>/dev/null; then why='no mount can be made here'; fi
if [ -n "$why" ]; then
    skip 'installed in a clean Debian 12' "$why"
    finish
fi
clean=$scratch/clean
in_clean() { # as root, with what is mounted for it alone
    # shellcheck disable=SC2016 # the inner shell's
    unshare -m --propagation private sh -c '
        mount -t proc proc "$0/proc" && mount -t sysfs sys "$0/sys" && mount --rbind /dev "$0/dev" &&
        exec chroot "$0" env -u TMPDIR DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"' "$clean" "$@"
}
somebody() { in_clean setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/home/somebody "$@"; }
apt() { in_clean apt-get -y -o APT::Install-Recommends=false "$@"; }

begun=$(date +%s)
run debootstrap --variant=minbase --include=ca-certificates --download-only bookworm "$clean" "$mirror"
since "$begun" 'downloading a Debian 12'
begun=$(date +%s)
run debootstrap --variant=minbase --include=ca-certificates bookworm "$clean" "$mirror"
expect 0 '*' '*' 'a bare Debian 12'
[ "$code" = 0 ] || finish
since "$begun" 'debootstrap of it'
rm -f "$clean/etc/apt/sources.list"
cp /etc/apt/sources.list "$clean/etc/apt/" 2>/dev/null
for file in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    ! grep -qs debian "$file" || cp "$file" "$clean/etc/apt/sources.list.d/"
done
for file in $(grep -ls '^Acquire' /etc/apt/apt.conf.d/*); do
    cp "$file" "$clean/etc/apt/apt.conf.d/"
done
cp /etc/resolv.conf "$clean/etc/"
mkdir "$clean/debs"
cp "$DEBS"/storyphoto_*.deb "$DEBS"/libstoryphoto0_*.deb "$DEBS"/libstoryphoto-dev_*.deb "$clean/debs/"

# First what they depend on, and a compiler for the example: these are not ours to purge.
others=$(for deb in "$clean"/debs/*.deb; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' |
    grep -v 'storyphoto' | sort -u | tr '\n' ',')
run apt update
expect 0 '*' '*' 'apt-get update'
begun=$(date +%s)
run apt satisfy --download-only "$others gcc, libc6-dev, pkg-config, systemd"
since "$begun" 'downloading what they depend on'
begun=$(date +%s)
run apt satisfy "$others gcc, libc6-dev, pkg-config, systemd"
expect 0 '*' '*' 'what they depend on is there'
since "$begun" 'installing it'
# Each file with its mode, owner and, below /etc, contents; but for what dpkg and apt write down.
snapshot() {
    in_clean find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /debs -o -path /var/lib/dpkg \
        -o -path /var/lib/apt -o -path /var/cache/apt -o -path /var/log -o -path /var/cache/ldconfig \) -prune -o \
        -printf '%y %m %u %g %p\n' | sort >"$1"
    in_clean find /etc -type f ! -name ld.so.cache -exec sha256sum {} + | sort >>"$1"
}
snapshot before
check 'there is something to compare' test "$(wc -l <before)" -gt 3000

begun=$(date +%s)
in_clean sh -c 'apt-get -y --no-install-recommends install /debs/*.deb' >.streams/out 2>.streams/err
code=$?
expect 0 '*' '*' 'apt-get install'
since "$begun" 'installing the packages'
check 'nothing else came with them' test -z "$(sed -n '/^The following additional packages/,/^[^ ]/p' .streams/out)"

# ---- used by somebody --------------------------------------------------------------------------------
mkdir -p "$clean/home/somebody/public/photos"
upload "$clean/home/somebody/IMG_2041.jpg" --size 1600x1200
picture "$clean/home/somebody/two.heic" --size 640x480
sed -n '/^```c$/,/^```$/p' "$root/README.md" | grep -v '^```' >"$clean/home/somebody/example.c"
chown -R 65534:65534 "$clean/home/somebody"
at_home() { somebody sh -c "cd /home/somebody && $1"; }
run somebody storyphoto --version
expect 0 '^sandbox: .*seccomp' '' 'storyphoto --version, as somebody'
run at_home 'storyphoto process --json IMG_2041.jpg two.heic -o public/photos'
expect 0 '"sandbox":"[^"]*seccomp"' '' 'process'
check 'a JPEG and a HEIC' test "$(grep -c '"status":"ok"' .streams/out)" = 2
run at_home 'storyphoto audit public'
expect 0 '4 files in 2 folders: 4 clean' '' 'audit'
run at_home 'mkdir batch && storyphoto batch public/photos batch'
expect 0 '4 photos published' '*' 'batch'
begun=$(date +%s)
run at_home 'storyphoto selftest'
expect 0 ', 0 failed, 0 unavailable' '' 'selftest'
since "$begun" 'the self-test'
# shellcheck disable=SC2016 # the inner shell's
run at_home 'cc example.c -o example $(pkg-config --cflags --libs storyphoto) && ./example'
expect 0 '"status":"ok"' '' 'the C example of the README'

# ---- the unit -----------------------------------------------------------------------------------------
unit=storyphoto-batch@nightly
if command -v systemd-analyze >/dev/null; then
    run systemd-analyze --root="$clean" --man=no verify "$unit.service" "$unit.timer"
    expect 0 '*' '*' 'systemd takes the units'
    check_not 'without a word about them' grep storyphoto .streams/err
    run systemd-analyze --root="$clean" --offline=true --threshold=35 --no-pager security "$unit.service"
    expect 0 '*' '*' 'and calls the service OK'
    grep 'Overall' .streams/out | sed 's/^[^O]*/# /'
else
    skip 'the units' 'systemd-analyze is not installed'
fi

if systemd_start "$clean"; then
    systemd sh -c '
        mkdir -p /srv/site/uploads /srv/site/public/photos
        cp /home/somebody/IMG_2041.jpg /home/somebody/two.heic /srv/site/uploads
        chown www-data: /srv/site/public/photos
        sed "s/^OPTIONS=/&--json /" /usr/share/doc/storyphoto/examples/example.conf >/etc/storyphoto/nightly.conf'
    run systemd systemctl start "$unit.service"
    expect 0 '' '' 'systemd runs the batch'
    run systemd find /srv/site/public/photos -name '*.*' -printf '%u %m\n'
    check 'it has published as www-data' test "$(sort -u .streams/out) $(wc -l <.streams/out)" = 'www-data 644 4'
    check 'its state is its own' test \
        "$(systemd stat -c '%U %a' /var/lib/storyphoto/nightly)" = 'www-data 700'
    systemd journalctl --sync
    run systemd journalctl --no-pager -o cat -u "$unit.service"
    expect 0 "\"sandbox\":\"$(posture | sed 's/+/\\+/')\"" '' 'the unit leaves the whole lock to the renderers'
    run systemd sh -c "echo no picture >/srv/site/uploads/bad.jpg; systemctl start $unit.service"
    expect 1 '' '*' 'an upload that is refused is told'
    check 'as a unit that has failed' test "$(systemd systemctl is-failed "$unit.service")" = failed
    check 'the timer starts' systemd systemctl enable --now "$unit.timer"
    run systemd systemctl list-timers --no-pager
    expect 0 "$unit.timer +$unit.service" '' 'and will go off'
    systemd_stop
else
    skip 'the unit in a systemd' "$systemd_why"
fi

# ---- and gone --------------------------------------------------------------------------------------------
mkdir -p "$clean/var/lib/storyphoto/nightly" "$clean/var/lib/systemd/timers"
touch "$clean/var/lib/storyphoto/nightly/journal.sqlite" "$clean/var/lib/systemd/timers/stamp-$unit.timer"
run apt remove storyphoto libstoryphoto0 libstoryphoto-dev
check 'what a batch remembers outlives remove' test -e "$clean/var/lib/storyphoto/nightly/journal.sqlite"
run in_clean dpkg --purge storyphoto libstoryphoto0 libstoryphoto-dev
expect 0 '*' '*' 'purge'
rm -rf "$clean/home/somebody"
grep -q ' /var/lib/systemd/timers$' before || rmdir "$clean/var/lib/systemd/timers"
snapshot after
check 'nothing is left' diff before after
check 'dpkg knows of nothing' test -z "$(in_clean dpkg-query -W '*storyphoto*' 2>/dev/null)"
finish
