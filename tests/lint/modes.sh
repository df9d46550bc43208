#!/bin/sh
# modes.sh -- every suite can be run: *.t and *.sh below tests/ are executable, but for *lib.sh,
# which are sourced.
set -eu
cd "$(dirname "$0")/../.."
bad=0
for file in tests/*.sh tests/*/*.sh tests/*/*.t; do
    case $file in *lib.sh) continue ;; esac
    if [ ! -x "$file" ]; then
        echo "lint: $file is not executable" >&2
        bad=1
    fi
done
exit $bad
