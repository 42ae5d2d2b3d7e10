#!/usr/bin/env bash
# sweep_cost.sh [FEDGRAM]: CPU seconds of a sweep of 27 runs of table4-quick over keys of trainings.federated-noniid alone,
# on one core: with a store, with the store once one key is widened by a value, and by FEDGRAM (an earlier build's; this
# one with --no-store unless it is given). Both must give the same sweep.csv. It takes some 10 minutes.
set -euo pipefail
export LC_ALL=C
bin=$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sweep() {
    cat >"$scratch/$1.json" <<SWEEP
{"spec": "table4-quick", "set": {"trainings.federated-noniid.partition.alpha": [$2],
 "trainings.federated-noniid.local_epochs": [1, 2, 3]}, "seeds": [1, 2, 3]}
SWEEP
}
sweep plain "0.3, 0.5, 1"
sweep wider "0.3, 0.5, 1, 2"

# cpu NAME COMMAND...: runs it and prints its CPU seconds.
cpu() {
    local name=$1
    shift
    TIMEFORMAT='%U %S'
    { time taskset -c 0 "$@" >"$scratch/$name.out" 2>"$scratch/$name.err"; } 2>"$scratch/$name.time" ||
        { cat "$scratch/$name.err" >&2; return 1; }
    awk '{ print $1 + $2 }' "$scratch/$name.time"
}

if [[ $# -gt 0 ]]; then
    before=$(cpu before "$1" sweep "$scratch/plain.json" --out "$scratch/before")
else
    before=$(cpu before "$bin/fedgram" sweep "$scratch/plain.json" --out "$scratch/before" --no-store)
fi
after=$(cpu after "$bin/fedgram" sweep "$scratch/plain.json" --out "$scratch/after" --store "$scratch/store")
cmp "$scratch/before/sweep.csv" "$scratch/after/sweep.csv"
wider=$(cpu wider "$bin/fedgram" sweep "$scratch/wider.json" --out "$scratch/wider" --store "$scratch/store")
awk -v before="$before" -v after="$after" -v wider="$wider" 'BEGIN {
    printf "27 runs: %.1f CPU s without a store, %.1f with one: %.3f\n", before, after, after / before
    printf "36 runs, 27 of them in the store: %.1f CPU s: %.3f\n", wider, wider / before }'
