#!/usr/bin/env bash
# Slurm 22.05.8 (Debian 12): a job that is put back into the queue after its node was lost.
#
# A good guess: when a job runs for the second time (--requeue), its first copy has ended. Slurm has given it up, after
# all, and holds one record of both.
#
# Seen, with a node whose daemon has gone while its jobs go on, which to the controller is a lost node:
#  1. The first copy of the batch script is told nothing, and goes on beside the second. It is killed, without SIGTERM
#     before, once a daemon is back on its node.
#  2. The second copy empties the output file when it begins. Both then write into it, line by line.
#
# So what a job writes needs a lock that holds between nodes, and an output file --open-mode=append.
# In Fedgram the lock is common/run/folder_lock.cpp: the second copy waits until the first has ended. The option is in
# experiments/launch/slurm/batch_script.cpp.
#
# This brings up a private cluster, ends the daemon under a job, and fails if the behaviour differs.
source "$(dirname "$0")/support/private_slurm.sh"
cluster_up SlurmdTimeout=10  # 300 s by default

cat >script <<'SCRIPT'
#!/bin/bash
copy=$((${SLURM_RESTART_COUNT:-0} + 1))
echo $$ >"pid-$copy"
trap 'echo "copy $copy: told to end"' TERM
for line in {1..1000}; do
    echo "copy $copy: line $line"
    sleep 0.2
done
SCRIPT
job=$(sbatch --parsable --requeue --output=output script)
has_begun() { grep --quiet --line-regexp "copy $1: line 5" output; }
is_told() { grep --quiet "^copy $1: told" output; }
has_ended() { ! kill -0 "$(<"pid-$1")"; }
answer() { if "$@" 2>/dev/null; then echo yes; else echo no; fi; }
# Which copies have written the output's last ten lines.
writers() { tail --lines=10 output | cut --delimiter=: --fields=1 | sort --unique | paste --serial --delimiters=,; }

within 20 has_begun 1
node=$(record "$job" BatchHost)
kill_node "$node"
within 80 has_begun 2
sleep 2
expect 'restarts' "$(record "$job" Restarts)" 1
expect 'copy 2 is on the same node' "$(answer test "$(record "$job" BatchHost)" = "$node")" no
expect 'copy 1 has ended' "$(answer has_ended 1)" no
expect 'the output is by' "$(writers)" 'copy 1,copy 2'
expect "copy 1's first lines are in the output" "$(answer has_begun 1)" no

start_node "$node"
within 30 has_ended 1
expect 'the daemon is back, and copy 1 has ended' "$(answer has_ended 1)" yes
expect 'copy 1 was told to end before it was killed' "$(answer is_told 1)" no
scancel "$job"
within 20 is_told 2
expect 'copy 2 is told to end, by scancel' "$(answer is_told 2)" yes
exit $failed
