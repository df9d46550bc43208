#!/bin/sh
# SPDX-License-Identifier: MIT
# archive.sh -- an archive on several hosts, by GNU parallel over ssh.
#
#     SOURCE=/srv/uploads OUTPUT=/srv/public/photos HOSTS=alpha,beta examples/parallel/archive.sh
#
# It cuts the archive into SHARDS parts and gives each host one at a time, until none is left: a
# part is not bound to a host, so the faster one takes more of them. When all are done, their
# states are merged, and a last run over the whole archive takes what is still to be done
# (nothing, as a rule) and writes the report. The same command goes on after any end, and later
# takes what is new. One host alone needs none of this: `storyphoto batch` uses all its cores.
#
# Every host sees the folders under the same paths (NFS, say), has the same version of
# storyphoto, and can be reached by `ssh HOST` without a password as the same user.
set -eu

SOURCE=${SOURCE:-/srv/uploads}                        # the uploads; they are only read
OUTPUT=${OUTPUT:-/srv/public/photos}                  # what is published; it must exist
STATE=${STATE:-$HOME/storyphoto-state}                # what is done; private, seen by all hosts
REPORT=${REPORT:-$HOME/storyphoto-report}             # a page about it; private too
PRESET=${PRESET:-story}                               # a preset's name, or a file on all hosts
HOSTS=${HOSTS:-:}                                     # with commas between; : is this host
SHARDS=${SHARDS:-8}                                   # 2 or more, some for each host; keep it

shards=$(seq 0 $((SHARDS - 1)))

# Exit code 1 says that photos were refused: that is in the report. Any other means that the part
# is not complete, and it is tried again, if there is one on another host. The second signal
# would end a run at once; here it gets a minute to finish what it has begun.
# shellcheck disable=SC2016,SC2086 # the inner shell's variables; a list of numbers
parallel -q --sshlogin "$HOSTS" --jobs 1 --retries 3 --line-buffer --tagstring 'shard {}:' \
    --termseq TERM,60000,KILL,25 \
    sh -c 'storyphoto batch "$1" "$2" -p "$3" --state "$4" --shard "$5" || [ $? -eq 1 ]' \
    sh "$SOURCE" "$OUTPUT" "$PRESET" "$STATE" "{}/$SHARDS" ::: $shards

storyphoto journal merge "$STATE" "$STATE"/shard-*-of-"$SHARDS"
exec storyphoto batch "$SOURCE" "$OUTPUT" -p "$PRESET" --state "$STATE" --report "$REPORT"
