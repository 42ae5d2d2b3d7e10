#!/usr/bin/env bash
# What the federation costs beyond its training: CPU seconds of `fedgram run`, over all its processes, beside those of
# one plain LibTorch loop with the same SGD steps and evaluations (fedgram-plain-loop), whole process against whole
# process. Each repetition runs them one after the other on the same core, so that a noisy machine touches both.
#
#   tests/bench/orchestration_cost.sh [--repetitions N] [--rounds N] [--client-processes N] [--core N]
set -euo pipefail
export LC_ALL=C OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
bin=$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin

repetitions=3 rounds=3 client_processes=2 core=0
while [[ $# -gt 0 ]]; do
    case $1 in
        --repetitions) repetitions=${2:?$1 needs a number} ;;
        --rounds) rounds=${2:?$1 needs a number} ;;
        --client-processes) client_processes=${2:?$1 needs a number} ;;
        --core) core=${2:?$1 needs a number} ;;
        *) echo "orchestration_cost.sh: $1 is no option; use --repetitions, --rounds, --client-processes, --core" >&2
           exit 2 ;;
    esac
    shift 2
done
for program in fedgram fedgram-plain-loop; do
    [[ -x $bin/$program ]] || { echo "orchestration_cost.sh: $bin/$program is not built; see README.md" >&2; exit 2; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# cpu_seconds COMMAND...: user and system time of it and of all it waited for.
cpu_seconds() {
    local times TIMEFORMAT='%U %S'
    times=$({ time taskset --cpu-list "$core" "$@" >"$scratch/out" 2>"$scratch/err"; } 2>&1) ||
        { cat "$scratch/err" >&2; return 1; }
    awk '{ print $1 + $2 }' <<<"$times"
}
loop() { cpu_seconds "$bin/fedgram-plain-loop" --model small-cnn --rounds "$rounds" "$@"; }
federation() {
    rm -rf "$scratch/run"
    cpu_seconds "$bin/fedgram" run workload-a --out "$scratch/run" --client-processes "$client_processes" \
        --set model=small-cnn --set federated.max_rounds="$rounds" \
        --set data.normalization.mean=0.2860 --set data.normalization.standard_deviation=0.3530 \
        --set federated.learning_rate=0.03 --set federated.momentum=0.9
}

echo "small-cnn, 10 nodes x 6,000 samples, batches of 32, $rounds rounds with an evaluation each;" \
    "$client_processes client processes; all on core $core. CPU seconds:"
row='%-12s %12s %16s %12s %8s %16s\n'
printf "$row" repetition "plain loop" "loop, malloc" fedgram ratio "ratio, malloc"
for ((repetition = 1; repetition <= repetitions; ++repetition)); do
    plain=$(loop) tuned=$(loop --malloc) ours=$(federation)
    awk -v row="$row" -v n="$repetition" -v p="$plain" -v t="$tuned" -v f="$ours" \
        'BEGIN { printf row, n, sprintf("%.2f", p), sprintf("%.2f", t), sprintf("%.2f", f), sprintf("%.3f", f / p), sprintf("%.3f", f / t) }' |
        tee -a "$scratch/rows"
done
awk -v row="$row" '
    function median(v, n,   i, j, x) {
        for (i = 2; i <= n; ++i) { x = v[i]; for (j = i - 1; j >= 1 && v[j] > x; --j) v[j + 1] = v[j]; v[j + 1] = x }
        return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    { p[NR] = $2; t[NR] = $3; f[NR] = $4; rp[NR] = $5; rt[NR] = $6 }
    END { printf row, "median", sprintf("%.2f", median(p, NR)), sprintf("%.2f", median(t, NR)), sprintf("%.2f", median(f, NR)), sprintf("%.3f", median(rp, NR)), sprintf("%.3f", median(rt, NR)) }
' "$scratch/rows"
