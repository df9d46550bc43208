#!/bin/sh
# SPDX-License-Identifier: MIT
# slurm.t -- examples/slurm/ on a real Slurm, of one node: an array of four tasks, of which one is
# killed and one is told to end, both go back into the queue, and the merge comes to what one run
# comes to.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/archive-lib.sh"
. "$root/tests/extra/slurm-lib.sh"

slurm_start 8 2>/dev/null || {
    skip 'an archive on a Slurm of one node' "$slurm_why"
    finish
}
make_archive 48 2400x1800
single_run
mkdir out

run env SOURCE="$scratch/in" OUTPUT="$scratch/out" STATE="$scratch/state" \
    REPORT="$scratch/report" SHARDS=4 "$root/examples/slurm/submit.sh"
expect 0 '^array [0-9]+, merge [0-9]+; logs in ' '' 'an array and a merge are submitted'
[ "$code" = 0 ] || finish
array=$(sed 's/^array \([0-9]*\),.*/\1/' .streams/out)
merge=$(sed 's/.*merge \([0-9]*\);.*/\1/' .streams/out)
log() { echo "$scratch/state/storyphoto-shard-${array}_$1.log"; }
is_state() { scontrol show job "$1" | grep -q "JobState=$2 "; }
restarts() { scontrol show job "$1" | sed -n 's/.* Restarts=\([0-9]*\) .*/\1/p'; }

# The storyphoto of one task, known by its environment. A child that is about to become a renderer
# is called the same for a moment; it is the later one.
pid_of() { # TASK
    for process in $(pgrep -x storyphoto-bulk); do
        tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" >.streams/environ
        grep -qxF "SLURM_CONF=$SLURM_CONF" .streams/environ &&
            grep -qx "SLURM_ARRAY_TASK_ID=$1" .streams/environ && echo "$process" && return
    done
}
has_begun() { [ -n "$(find out -name '*.jpg' | head -n "$1" | tail -n +"$1")" ]; }
await has_begun 6

# ---- one is killed, one is told to end -------------------------------------------------------------
check 'a task is killed in the middle' kill -KILL "$(pid_of 2)"
check 'another one is told to end' scancel --signal=TERM "${array}_1"
await is_state "${array}_2" PENDING
await is_state "${array}_1" PENDING
check 'the killed one says so' grep -q 'ended with 137: back into the queue' "$(log 2)"
check 'the other one ended in order' grep -q 'ended with 75: back into the queue' "$(log 1)"
check 'and was told how to go on' grep -q 'run the same command to go on' "$(log 1)"
check 'the merge waits' is_state "$merge" PENDING
# Slurm lets who comes back wait for two minutes, counted anew when its end was noticed.
has_restarted() {
    scontrol update jobid="$1" StartTime=now 2>/dev/null
    is_state "$1" RUNNING || is_done "$1"
}
is_done() { is_state "$1" COMPLETED; }
await has_restarted "${array}_1"
await has_restarted "${array}_2"

# ---- the end ---------------------------------------------------------------------------------------
await is_done "$merge"
for task in 0 1 2 3; do
    check "task $task is done" is_done "${array}_$task"
done
check 'the two were run twice, the others once' test \
    "$(restarts "${array}_0")$(restarts "${array}_1")$(restarts "${array}_2")$(restarts "${array}_3")" = 0110
check 'they went on, and did not begin anew' grep -q 'done already' "$(log 1)"
check 'four parts' test "$(ls -d state/shard-?-of-4 | wc -l)" = 4
as_single out state
check 'a report' test -s report/index.html
check 'nobody else may read the logs' test "$(stat -c %a state)" = 700

# ---- an array that begins elsewhere, with a step ---------------------------------------------------
mkdir stepped
export SOURCE="$scratch/in" OUTPUT="$scratch/stepped" STATE="$scratch/stepped.state" PRESET=story
mkdir -m 700 "$STATE"
run sbatch --wait --array=5-14:3 --output="$STATE/%A_%a.log" "$root/examples/slurm/shard.sbatch"
expect 0 '*' '*' '--array=5-14:3'
run sp journal merge "$STATE" "$STATE"/shard-*-of-4
as_single stepped stepped.state
finish
