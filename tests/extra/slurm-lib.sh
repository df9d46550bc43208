# SPDX-License-Identifier: MIT
# slurm-lib.sh -- a Slurm cluster of one node, this host, in a folder of its own, with a munged of
# its own: nothing of an installed cluster is read or touched. Sourced after tests/cli/lib.sh.
#
#     slurm_start || skip ... "$slurm_why"
#     slurm_stop
slurm=$scratch/slurm
slurm_why=
slurm_pids=
export PATH="$PATH:/usr/sbin:/sbin"

# A port that nobody listens on now.
free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

slurm_conf() { # CPUS
    user=$(id -un)
    node=$(hostname -s)
    megabytes=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    cat <<END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.sock
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
KillWait=5
MinJobAge=600
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
SlurmdParameters=config_overrides
StateSaveLocation=$slurm/ctld
SlurmdSpoolDir=$slurm/d
SlurmctldPidFile=$slurm/ctld.pid
SlurmdPidFile=$slurm/d.pid
SlurmctldLogFile=$slurm/ctld.log
SlurmdLogFile=$slurm/d.log
NodeName=$node NodeAddr=127.0.0.1 CPUs=$1 RealMemory=$megabytes State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}

slurm_daemon() { # COMMAND...: in the background; it ends with this test, however that ends
    setpriv --pdeathsig TERM "$@" >"$slurm/$1.out" 2>&1 &
    slurm_pids="$! $slurm_pids"
}

# FALSE with $slurm_why. CPUS: how many the node is said to have.
slurm_start() {
    for program in slurmctld slurmd sbatch srun scontrol munged setpriv; do
        command -v $program >/dev/null || { slurm_why="$program is not installed" && return 1; }
    done
    mkdir -p "$slurm/ctld" "$slurm/d"
    (umask 077 && head -c 128 /dev/urandom >"$slurm/munge.key")
    slurm_conf "$1" >"$slurm/slurm.conf"
    export SLURM_CONF="$slurm/slurm.conf"
    slurm_daemon munged --foreground --force --key-file="$slurm/munge.key" \
        --socket="$slurm/munge.sock" --pid-file="$slurm/munge.pid" \
        --log-file="$slurm/munge.log" --seed-file="$slurm/munge.seed"
    slurm_wait test -S "$slurm/munge.sock" || { slurm_why='munged does not start' && return 1; }
    slurm_daemon slurmctld -D -i
    slurm_daemon slurmd -D
    slurm_wait slurm_is_idle && return 0
    slurm_why="the node does not come up: $(tail -qn 2 "$slurm"/slurm*.out "$slurm"/*d.log | tr '\n' ' ')"
    return 1
}
slurm_is_idle() { sinfo -h -o %T | grep -qx idle; }

slurm_wait() { # COMMAND...: 30 seconds at most
    slurm_n=0
    until "$@" >/dev/null 2>&1; do
        slurm_n=$((slurm_n + 1))
        [ $slurm_n -lt 300 ] || return 1
        sleep 0.1
    done
}

slurm_stop() {
    scancel --full --user="$(id -un)" 2>/dev/null
    slurm_wait slurm_is_empty
    for pid in $slurm_pids; do # slurmd first, munged last
        kill "$pid" 2>/dev/null && wait "$pid"
    done
    slurm_pids=
}
slurm_is_empty() { [ -z "$(squeue -h)" ]; }
trap 'slurm_stop; clean_up' EXIT
