# To be sourced first by a script about Slurm: gives it a cluster of its own on this machine. It takes root.
#
# Installs Debian's packages where they are missing (22.05.8 in Debian 12; no service of theirs is started), and starts
# the script once more in namespaces of its own, with which its processes, its ports and its files go. There it offers
#     cluster_up [LINE...]              a controller and the nodes n1, n2 and n3 of two CPUs each, ready for jobs;
#                                       each LINE is one more of slurm.conf
#     start_node NAME, kill_node NAME   a node's daemon alone; what runs on the node stays
#     record JOB KEY                    a value in the controller's record of a job
#     within SECONDS COMMAND...         waits until a command succeeds; fails when that takes longer
#     expect WHAT SEEN EXPECTED         sets `failed` to 1 where the two differ
set -euo pipefail
if [[ -z ${IN_PRIVATE_SLURM:-} ]]; then
    "$(dirname "${BASH_SOURCE[0]}")/../../experiments/setup.sh" slurmctld slurmd slurm-client munge util-linux iproute2
    IN_PRIVATE_SLURM=yes unshare --net --pid --fork --kill-child --mount-proc "$BASH" "$0" "$@" &
    inside=$!
    trap 'kill -KILL "$inside"; exit 130' INT
    trap 'kill -KILL "$inside"; exit 143' TERM
    wait "$inside"
    exit
fi
PATH=/usr/sbin:/sbin:$PATH
unset "${!SLURM_@}" "${!SBATCH_@}" "${!SRUN_@}"  # of a cluster that this machine may belong to
mount -t tmpfs -o mode=755 private-slurm /run    # seen in this namespace alone
cd /run
ip link set lo up
ip address add 10.77.0.1/32 dev lo  # without an address outside of 127.0.0.0/8 srun finds none for itself
export SLURM_CONF=/run/slurm.conf
seen_with=22.05.8
failed=0

expect() {
    echo "$1: $2"
    [[ $2 == "$3" ]] || { echo "  differs from what was seen with $seen_with: $3" >&2; failed=1; }
}

within() {
    local end=$((SECONDS + $1))
    until "${@:2}" >within.log 2>&1; do
        if ((SECONDS >= end)); then
            cat daemons.log within.log >&2
            echo "$(basename "$0"): not within $1 s: ${*:2}" >&2
            return 1
        fi
        sleep 0.2
    done
}

declare -A daemons=()
start() { # NAME COMMAND...
    "${@:2}" >>daemons.log 2>&1 &
    daemons[$1]=$!
}

start_node() { start "$1" slurmd -D -N "$1"; }

kill_node() {
    kill -KILL "${daemons[$1]}"
    wait "${daemons[$1]}" 2>/dev/null || true  # bash would say that it was killed
}

record() { scontrol show job "$1" --oneliner | tr ' ' '\n' | sed -n "s/^$2=//p"; }

cluster_up() {
    mkdir -m 700 munge state
    (umask 077 && head --bytes=128 /dev/urandom >munge/key)
    start munge munged --foreground --key-file=/run/munge/key --socket=/run/munge.socket --pid-file=/run/munge/pid \
        --log-file=/run/munge/log --seed-file=/run/munge/seed
    within 10 test -S munge.socket
    cat >slurm.conf <<CONF
ClusterName=private
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=/run/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=/run/state
SlurmdSpoolDir=/run/spool-%n
SlurmctldPidFile=/run/controller.pid
SlurmdPidFile=/run/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
ReturnToService=2
SchedulerParameters=sched_interval=2,batch_sched_delay=0,sched_min_interval=0
NodeName=n[1-3] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[7001-7003] CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES
$(printf '%s\n' "$@")
CONF
    start controller slurmctld -D
    local name
    for name in n1 n2 n3; do start_node "$name"; done
    # A node may be idle by its name before its daemon has come.
    within 30 timeout 10 srun --nodes=3 --ntasks-per-node=1 true
    expect 'version' "$(sinfo --version)" "slurm-wlm $seen_with"
}
