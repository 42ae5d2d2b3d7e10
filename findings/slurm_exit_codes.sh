#!/usr/bin/env bash
# Slurm 22.05.8 (Debian 12): what exit codes say of tasks that failed or were killed.
#
# A good guess: `sbatch --wait` and `srun` end with the code of what failed, and with 128 + signal, as a shell has it,
# for what a signal killed.
#
# Seen:
#  1. Where SIGKILL hits a batch script itself, in one task of a job array, `sbatch --wait` ends with 1. The signal is
#     in the task's record alone: ExitCode=0:9 is exit code 0 and signal 9, and the reason is said to be
#     JobLaunchFailure. Where another task of the array ends with 7, so does sbatch.
#  2. Where SIGKILL hits the script's child and the script hands on what it learns, `sbatch --wait` ends with 137.
#  3. `srun --kill-on-bad-exit=1`, where one task ends with 5, ends with 143: it ends the other tasks by SIGTERM, and
#     that outdoes a task's own code, even 200. Without the option srun waits for the others, and ends with 5.
#
# So an exit code of theirs doesn't tell a failure, which is to be reported, from a kill, after which another try is
# due. In Fedgram a task of an array runs its work as a child and writes down the end itself (batch_script.cpp and
# task_end.cpp in experiments/launch/slurm), Slurm's record is asked for of those that couldn't (task_fate.cpp), and
# each process of a run is a step with one task (step_host.cpp).
#
# This brings up a private cluster, runs such jobs, and fails if the behaviour differs.
source "$(dirname "$0")/support/private_slurm.sh"
cluster_up

# array COMMAND...: waits for an array with a task for each command; sets $job, $code.
array() {
    {
        echo '#!/bin/bash'
        echo 'case $SLURM_ARRAY_TASK_ID in'
        local task=0 command
        for command in "$@"; do
            echo "$task) $command ;;"
            task=$((task + 1))
        done
        echo 'esac'
    } >script
    code=0
    job=$(sbatch --parsable --wait --array="0-$(($# - 1))" --output=/dev/null script) || code=$?
}

array true 'exit 7'
expect 'sbatch --wait, a task ends with 7' "$code" 7
expect '  its record' "$(record "${job}_1" ExitCode), $(record "${job}_1" Reason)" '7:0, NonZeroExitCode'
array true 'kill -KILL $$'
expect 'sbatch --wait, a task is killed by SIGKILL' "$code" 1
expect '  its record' "$(record "${job}_1" ExitCode), $(record "${job}_1" Reason)" '0:9, JobLaunchFailure'
array 'exit 7' 'kill -KILL $$'
expect 'sbatch --wait, a task ends with 7 and one is killed' "$code" 7
array true 'sleep 60 & kill -KILL $!; wait $!; exit $?'
expect "sbatch --wait, a task's child is killed, and the task hands that on" "$code" 137
expect '  its record' "$(record "${job}_1" ExitCode), $(record "${job}_1" Reason)" '137:0, NonZeroExitCode'

# two_tasks CODE SECONDS OPTION...: a step of two tasks: one ends with CODE, the other with 0 after SECONDS; sets $code.
two_tasks() {
    code=0
    srun --ntasks=2 "${@:3}" bash -c "((SLURM_PROCID)) || exit $1; exec sleep $2" 2>srun.log || code=$?
}

two_tasks 5 2
expect 'srun, one of two tasks ends with 5' "$code" 5
for bad in 5 200; do
    two_tasks $bad 60 --kill-on-bad-exit=1
    expect "srun --kill-on-bad-exit=1, one of two tasks ends with $bad" "$code" 143
done
exit $failed
