# SPDX-License-Identifier: MIT
# archive-lib.sh -- an archive that one run processes, to be compared with what several machines
# make of it. Sourced after tests/cli/lib.sh; `storyphoto` is the one that was built.
export PATH="$BUILD:$PATH" XDG_STATE_HOME="$scratch/home" HOME="$scratch"
unset SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT SLURM_ARRAY_TASK_MIN SLURM_ARRAY_TASK_STEP \
    SLURM_ARRAY_TASK_MAX JOB_COMPLETION_INDEX JOB_COMPLETIONS AWS_BATCH_JOB_ARRAY_INDEX \
    AWS_BATCH_JOB_ARRAY_SIZE

# make_archive N SIZE: in/, with N photos, a twin, one refused, and names as people give them.
make_archive() {
    mkdir -p in/2019/summer "in/two words" in/2020
    archive_i=0
    while [ $archive_i -lt "$1" ]; do
        case $((archive_i % 3)) in
        0) archive_at=2019/summer ;;
        1) archive_at='two words' ;;
        2) archive_at=2020 ;;
        esac
        upload "in/$archive_at/IMG_$archive_i.jpg" --size "$2" --noise $((archive_i + 1)) --gps
        archive_i=$((archive_i + 1))
    done
    cp in/2020/IMG_2.jpg "in/two words/it's a twin.jpg"
    echo 'no picture' >in/notes.txt
}

# single_run: what all else is compared with, in single/, its state in single.state.
single_run() {
    mkdir single
    run sp batch in single --state single.state
    expect 1 ' photos published in ' '*' 'one run over all of it'
}

sums() { (cd "$1" && find . -type f -exec sha256sum {} + | sort); }

# What a journal says of all its records, but for its own place.
totals() { sp journal show --json "$1" | jq -S 'del(.state, .output, .seconds)'; }

# as_single OUTPUT STATE: the same files under the same names, and the same of them on record.
as_single() {
    sums single >.streams/single
    sums "$1" >.streams/merged
    check 'the same files as of one run' diff .streams/single .streams/merged
    totals single.state >.streams/single
    totals "$2" >.streams/merged
    check 'there is something on record' grep -q '[1-9]' .streams/single
    check 'the same on record as of one run' diff .streams/single .streams/merged
    run sp batch in "$1" --state "$2" --json
    archive_end=$(jq -r 'select(.event == "end") | "\(.due) \(.published)"' .streams/out)
    check 'nothing is left to do' test "$archive_end" = '{} 0'
    check 'nothing temporary is left' test -z "$(find "$1" -name '.*' -mindepth 1)"
}
