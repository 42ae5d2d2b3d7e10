#!/usr/bin/env bash
# What the client processes of `fedgram run` cost: CPU seconds until all of them are ready, and memory then and after
# the first federated round, as the kernel counts it for each process (PSS: a page shared by n processes is 1/n of a
# page for each of them). With --bin of two builds, one after the other, it compares them.
#
#   tests/bench/client_start_cost.sh [--client-processes N] [--engine NAME] [--bin DIR]
set -euo pipefail
export LC_ALL=C
bin=$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin

client_processes=10 engine=torch
while [[ $# -gt 0 ]]; do
    case $1 in
        --client-processes) client_processes=${2:?$1 needs a number} ;;
        --engine) engine=${2:?$1 needs a name} ;;
        --bin) bin=${2:?$1 needs a folder} ;;
        *) echo "client_start_cost.sh: $1 is no option; use --client-processes, --engine, --bin" >&2; exit 2 ;;
    esac
    shift 2
done
[[ -x $bin/fedgram ]] || { echo "client_start_cost.sh: $bin/fedgram is not built; see README.md" >&2; exit 2; }

scratch=$(mktemp -d)
launcher=
trap '[[ -z $launcher ]] || kill "$launcher" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT

# until_there COMMAND...: waits until it succeeds, for two minutes.
until_there() {
    for ((i = 0; i < 2400; ++i)); do
        "$@" && return
        sleep 0.05
    done
    cat "$scratch/err" >&2
    return 1
}
cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"; }
memory_mib() { awk -v key="$2:" '$1 == key { print $2 / 1024 }' "/proc/$1/smaps_rollup"; }
# row WHEN WHO PID...: their CPU seconds, and the means of their PSS and of what is theirs alone.
row() {
    local when=$1 who=$2
    shift 2
    for process in "$@"; do
        echo "$(cpu_seconds "$process") $(memory_mib "$process" Pss) $(memory_mib "$process" Private_Dirty)"
    done | awk -v when="$when" -v who="$who" '{ cpu += $1; pss += $2; dirty += $3 } END {
        printf "%-14s %-12s %3d %10.2f %14.1f %14.1f\n", when, who, NR, cpu, pss / NR, dirty / NR }'
}

"$bin/fedgram" run table4-quick --out "$scratch/run" --client-processes "$client_processes" --set "engine=$engine" \
    >"$scratch/out" 2>"$scratch/err" &
launcher=$!
until_there test -e "$scratch/run/processes.json"
listed() { tr -d ' \n' <"$scratch/run/processes.json" | grep -o '"pid":[0-9]*' | grep -o '[0-9]*'; }
mapfile -t processes < <(listed)
clients=("${processes[@]:1}") # the first is the coordinator
servers=()
for child in $(cat "/proc/$launcher/task/$launcher/children"); do
    [[ " ${processes[*]} " == *" $child "* ]] || servers+=("$child")
done

printf '%-14s %-12s %3s %10s %14s %14s\n' when who n "CPU s, sum" "PSS MiB, mean" "dirty MiB, mean"
row ready clients "${clients[@]}"
[[ ${#servers[@]} -eq 0 ]] || row ready "fork server" "${servers[@]}"
until_there grep -q federated-iid "$scratch/run/rounds.jsonl"
row "first round" clients "${clients[@]}"
[[ ${#servers[@]} -eq 0 ]] || row "first round" "fork server" "${servers[@]}"
