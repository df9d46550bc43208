# SPDX-License-Identifier: MIT
# systemd-lib.sh -- a systemd that runs as process 1 of namespaces of its own, in a folder that holds
# a Debian. Sourced after cli/lib.sh, by who is root.
#
#     systemd_start "$clean" || skip 'the unit' "$systemd_why"
#     systemd systemctl start something
#     systemd_stop
#
# It sees the folder through an overlay in memory: what it writes is gone with it. It has control
# groups of its own, and can change no setting of the kernel: /sys and /proc/sys are read-only.

systemd_pid=

# A control group in each hierarchy, for $1, below the one that we are in.
systemd_groups() {
    for systemd_line in $(cat /proc/self/cgroup); do
        systemd_path=${systemd_line#*:*:}
        systemd_names=${systemd_line#*:}
        systemd_names=${systemd_names%%:*}
        for systemd_top in /sys/fs/cgroup/"${systemd_names#name=}" /sys/fs/cgroup/unified /sys/fs/cgroup; do
            [ -e "$systemd_top/cgroup.procs" ] || continue
            [ -n "$systemd_names" ] || [ -e "$systemd_top/cgroup.controllers" ] || continue
            systemd_group=$systemd_top${systemd_path%/}/storyphoto-test.$$
            mkdir "$systemd_group" 2>/dev/null && echo "$systemd_group" && break
        done
    done
}

systemd_start() { # FOLDER: fails where it cannot, and says in $systemd_why for what reason
    systemd_why='systemd is not installed there'
    [ -x "$1/lib/systemd/systemd" ] || return 1
    systemd_groups >systemd.groups
    mkdir -p systemd.root
    # shellcheck disable=SC2016 # the inner shell's
    unshare -m --propagation private sh -c '
        for group in $(cat systemd.groups); do echo $$ >"$group/cgroup.procs" 2>/dev/null; done
        exec unshare -p -u -i -n -C --fork sh -c '\''
            set -e
            root=$PWD/systemd.root
            mount -t tmpfs -o mode=755 tmpfs $root
            mkdir $root/upper $root/work $root/all
            mount -t overlay -o lowerdir="$0",upperdir=$root/upper,workdir=$root/work overlay $root/all
            root=$root/all
            mount -t proc proc $root/proc
            mount --bind $root/proc/sys $root/proc/sys
            mount -o remount,bind,ro $root/proc/sys
            mount -t sysfs sys $root/sys
            if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
                mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
            else
                mount -t tmpfs -o mode=755 tmpfs $root/sys/fs/cgroup
                mkdir $root/sys/fs/cgroup/systemd
                mount -t cgroup -o none,name=systemd cgroup $root/sys/fs/cgroup/systemd
            fi
            mount -o remount,bind,ro $root/sys
            mount -t tmpfs -o mode=755 dev $root/dev
            for node in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do
                mknod -m 666 $root/dev/${node% *} c 1 ${node#* }
            done
            mkdir $root/dev/pts $root/dev/shm
            mount -t devpts -o newinstance,ptmxmode=0666 pts $root/dev/pts
            ln -s pts/ptmx $root/dev/ptmx
            mount -t tmpfs shm $root/dev/shm
            mount -t tmpfs -o mode=755 run $root/run
            exec chroot $root env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
                /lib/systemd/systemd --log-target=null --unit=basic.target
        '\'' "$0"' "$1" </dev/null >systemd.log 2>&1 &
    systemd_shell=$!
    for systemd_try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        sleep 1
        systemd_pid=$(pgrep -P $systemd_shell -x systemd)
        [ -n "$systemd_pid" ] || continue
        case $(systemd systemctl is-system-running 2>/dev/null) in
        running | degraded) return 0 ;;
        esac
    done
    systemd_stop
    systemd_why="systemd cannot run in namespaces here: $(tail -n 1 systemd.log)"
    return 1
}

systemd() { nsenter -t "$systemd_pid" -m -p -u -i -n -C -r -w "$@"; }

systemd_stop() {
    [ -z "$systemd_pid" ] || kill -KILL "$systemd_pid"
    wait "$systemd_shell" 2>/dev/null
    while read -r systemd_group; do
        find "$systemd_group" -depth -type d -exec rmdir {} + 2>/dev/null
    done <systemd.groups
    systemd_pid=
}
