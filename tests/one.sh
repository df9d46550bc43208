#!/bin/sh
# one.sh TEST [ARGUMENT]... -- run one test program for prove. GLib says "Bail out!" when a test
# aborts, and prove then runs no further program. Here that line becomes a comment, and the exit
# status, which is kept, says that this one has failed.
exec 4>&1
status=$({ { "$@" 3>&- 4>&-; echo $? >&3; } | sed -u 's/^Bail out!/# &/' >&4; } 3>&1)
exit "$status"
