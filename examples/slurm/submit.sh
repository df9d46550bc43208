#!/bin/sh
# SPDX-License-Identifier: MIT
# submit.sh -- an archive on a Slurm cluster: an array of tasks, then a job that joins them.
#
#     SOURCE=/shared/uploads OUTPUT=/shared/photos SHARDS=16 examples/slurm/submit.sh
#
# Each task of the array takes one part of SHARDS (shard.sbatch). When all of them have ended
# well, their states are merged and the report is written (merge.sbatch); when one has not, that
# job leaves the queue: see the task's log in STATE, mend it, and submit the same again. It goes
# on where it ended, and later takes what is new. The nodes share the folders and have the same
# version of storyphoto in PATH. More options for both jobs, such as a partition or an account,
# may be given to this script.
set -eu

export SOURCE="${SOURCE:-/shared/uploads}"            # the uploads; they are only read
export OUTPUT="${OUTPUT:-/shared/photos}"             # what is published; it must exist
export STATE="${STATE:-$HOME/storyphoto-state}"       # what is done, and logs; private, shared
export REPORT="${REPORT:-$HOME/storyphoto-report}"    # a page about it; private too
export PRESET="${PRESET:-story}"                      # a preset's name, or a shared file
export SHARDS="${SHARDS:-4}"                          # 2 or more; keep it from then on

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$STATE"
chmod 700 "$STATE" # logs name uploads, as the state does
array=$(sbatch --parsable --array="0-$((SHARDS - 1))" --output="$STATE/%x-%A_%a.log" "$@" \
    "$here/shard.sbatch")
array=${array%%;*} # of a federation it is ID;CLUSTER
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
    --output="$STATE/%x-%j.log" "$@" "$here/merge.sbatch")
echo "array $array, merge ${merge%%;*}; logs in $STATE"
