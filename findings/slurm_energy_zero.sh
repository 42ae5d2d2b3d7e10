#!/usr/bin/env bash
# Slurm 22.05.8 (Debian 12): the energy of a step that nobody has measured.
#
# A good guess: on a cluster without an energy plugin (AcctGatherEnergyType, none by default) `sstat` fails when it is
# asked for ConsumedEnergy, or prints "n/s" (not supported), as Slurm does for other things that it doesn't know.
#
# Seen: it prints 0, with exit code 0, for a step whose CPU time it has counted in seconds. The record of the step's
# node has 0 W, too, in CurrentWatts and AveWatts, beside an "n/s" in ExtSensorsJoules.
#
# So whoever asks for energy has to ask first whether there is a plugin (`scontrol show config`), and takes no 0 for a
# measurement. common/energy/meters/slurm_energy.cpp does both.
#
# This brings up a private cluster, runs a job that computes, and fails if the behaviour differs.
source "$(dirname "$0")/support/private_slurm.sh"
cluster_up JobAcctGatherType=jobacct_gather/linux JobAcctGatherFrequency=1

job=$(sbatch --parsable --nodelist=n1 --output=/dev/null --wrap 'while :; do :; done')
of_step() { sstat --noheader --parsable2 --jobs="$job.batch" --format="$1"; }
has_counted() { [[ $(of_step AveCPU) > 00:00:01 ]]; }
within 30 has_counted
echo "CPU time of the step: $(of_step AveCPU)"

expect 'energy plugin' "$(scontrol show config | sed -n 's/^AcctGatherEnergyType *= //p')" acct_gather_energy/none
for field in ConsumedEnergy ConsumedEnergyRaw; do
    code=0
    energy=$(of_step $field) || code=$?
    expect "$field of the step" "$energy" 0
    expect "$field of the step: exit code" "$code" 0
done
of_node() { scontrol show node n1 --oneliner | tr ' ' '\n' | sed -n "s/^$1=//p"; }
expect 'CurrentWatts of its node' "$(of_node CurrentWatts)" 0
expect 'AveWatts of its node' "$(of_node AveWatts)" 0
expect 'ExtSensorsJoules of its node' "$(of_node ExtSensorsJoules)" n/s
exit $failed
