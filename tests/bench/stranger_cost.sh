#!/usr/bin/env bash
# What strangers at the door cost a run: CPU seconds of `fedgram run` over all its processes, with strangers for as long
# as it lasts and without, one after the other in each repetition. Both must give the same parameters.
#
#   tests/bench/stranger_cost.sh [--repetitions N] [--idle N] [--slow N] [--random N] [--spec SPEC]
set -euo pipefail
export LC_ALL=C OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
bin=$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin

repetitions=3 idle=5000 slow=100 random=100 spec=table4-quick
while [[ $# -gt 0 ]]; do
    case $1 in
        --repetitions) repetitions=${2:?$1 needs a number} ;;
        --idle) idle=${2:?$1 needs a number} ;;
        --slow) slow=${2:?$1 needs a number} ;;
        --random) random=${2:?$1 needs a number} ;;
        --spec) spec=${2:?$1 needs a specification} ;;
        *) echo "stranger_cost.sh: $1 is no option; use --repetitions, --idle, --slow, --random, --spec" >&2; exit 2 ;;
    esac
    shift 2
done
for program in fedgram fedgram-stranger-crowd; do
    [[ -x $bin/$program ]] || { echo "stranger_cost.sh: $bin/$program is not built; see README.md" >&2; exit 2; }
done

scratch=$(mktemp -d)
crowd=()
disperse() {
    for process in "${crowd[@]}"; do kill "$process" 2>/dev/null || true; done
    for process in "${crowd[@]}"; do wait "$process" 2>/dev/null || true; done
    crowd=()
}
trap 'disperse; rm -rf "$scratch"' EXIT

# gather: strangers at the address of the run, as soon as it is known; as many processes as their descriptors ask for.
gather() {
    local address left=$idle most=$(($(ulimit -Hn) - 100 - slow - random)) tries=0
    until [[ -s $scratch/run/processes.json ]]; do
        ((++tries < 600)) || return 1
        sleep 0.1
    done
    address=$(sed -n 's/.*"address": *"\([^"]*\)".*/\1/p' "$scratch/run/processes.json")
    "$bin/fedgram-stranger-crowd" "$address" --slow "$slow" --random "$random" >"$scratch/came.0" & crowd+=($!)
    while ((left > 0)); do
        "$bin/fedgram-stranger-crowd" "$address" --idle $((left < most ? left : most)) >"$scratch/came.$left" &
        crowd+=($!)
        left=$((left - most))
    done
}

# run_once calm|crowded: prints CPU seconds, wall seconds and the strangers that the coordinator counted.
run_once() {
    rm -rf "$scratch/run"
    { time "$bin/fedgram" run "$spec" --out "$scratch/run" --client-processes 2 >"$scratch/out" 2>"$scratch/err"; } \
        2>"$scratch/time" &
    local run=$!
    [[ $1 == calm ]] || gather
    wait "$run" || { cat "$scratch/err" >&2; return 1; }
    disperse
    grep -o '"parameters_sha256": *"[^"]*"' "$scratch/run/summary.json" >"$scratch/parameters.$1"
}
TIMEFORMAT='%U %S %R'
cpu() { awk 'END { print $(NF - 2) + $(NF - 1) }' "$scratch/time"; }
wall() { awk 'END { print $NF }' "$scratch/time"; }
# The coordinator's own count, of all kinds.
counted() {
    sed -n 's/.*"strangers": *{\([^}]*\)}.*/\1/p' "$scratch/run/events.jsonl" | tr ',' '\n' |
        awk -F: '{ sum += $2 } END { print sum + 0 }'
}

echo "$spec, 2 client processes; $idle idle, $slow slow, $random senders of random bytes. CPU seconds of the run:"
row='%-12s %10s %12s %10s %14s %12s\n'
printf "$row" repetition calm crowded ratio "turned away" "wall, s"
for ((repetition = 1; repetition <= repetitions; ++repetition)); do
    run_once calm
    calm=$(cpu)
    run_once crowded
    cmp -s "$scratch/parameters.calm" "$scratch/parameters.crowded" ||
        { echo "stranger_cost.sh: the parameters differ" >&2; exit 1; }
    printf "$row" "$repetition" "$calm" "$(cpu)" "$(awk -v a="$calm" -v b="$(cpu)" 'BEGIN { printf "%.3f", b / a }')" \
        "$(counted)" "$(wall)"
done
