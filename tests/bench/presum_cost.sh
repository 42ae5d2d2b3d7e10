#!/usr/bin/env bash
# presum_cost.sh [FEDGRAM [PAIRS]]: CPU seconds, on one core, of runs whose clients send sums of updates, beside runs of
# FEDGRAM (an earlier build's; this one with presum off unless it is given), in turn: workload-b, and 6 rounds of 10,000
# of a million nodes. The parameters must be the same. With the 7 pairs that it takes by default it runs for 3 minutes.
set -euo pipefail
export LC_ALL=C
bin=$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin
pairs=${2:-7}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# cpu NAME COMMAND...: runs it and prints its CPU seconds.
cpu() {
    local name=$1
    shift
    rm -rf "$scratch/$name"
    TIMEFORMAT='%U %S'
    { time taskset -c 0 "$@" --out "$scratch/$name" >"$scratch/out" 2>"$scratch/err"; } 2>"$scratch/time" ||
        { cat "$scratch/err" >&2; return 1; }
    awk '{ print $1 + $2 }' "$scratch/time"
}

# compare NAME ARGUMENTS...
compare() {
    local name=$1 before after
    shift
    for ((pair = 0; pair < pairs; ++pair)); do
        if [[ -n $earlier ]]; then
            before=$(cpu before "$earlier" run workload-b "$@")
        else
            before=$(cpu before "$bin/fedgram" run workload-b "$@" --set federated.presum=off)
        fi
        after=$(cpu after "$bin/fedgram" run workload-b "$@")
        cmp <(grep parameters_sha256 "$scratch/before/summary.json") <(grep parameters_sha256 "$scratch/after/summary.json")
        awk -v before="$before" -v after="$after" -v name="$name" 'BEGIN {
            printf "%s: %.3f and %.3f CPU s: %.3f\n", name, before, after, after / before }'
    done
}

earlier=${1:-}
compare workload-b
compare scale --client-processes 2 --set data.train_samples=60000 --set federated.nodes=1000000 \
    --set federated.client_fraction=0.01 --set federated.max_rounds=6 \
    --set 'federated.partition={"kind":"draws","samples_per_node":60}'
