#!/usr/bin/env bash
# digest_cost.sh BEFORE [ROUNDS]: what a run with a long ledger costs by this build and by BEFORE, a folder with an
# earlier build's programs. Its runs are of the shipped specification `scale`, with 1,000 nodes a round for so many rounds
# (400: 1.6 million ledger lines), and the same with unequal nodes:
#   table    CPU seconds and memory of `fedgram table`, whose output must be the same
#   list     seconds of `fedgram list` over 1,000 such runs (hard links of one)
# All on one core. It takes some 10 minutes, 2 GB of disk, and Debian's time.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../../build/release/bin
before=${1:?"digest_cost.sh: name the folder of an earlier build's programs"}
rounds=${2:-400}
"$here/../../experiments/setup.sh" time

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

run() { # run NAME SET...: a run of `scale` with these settings
    local name=$1 sets=()
    shift
    for set in "$@"; do sets+=(--set "$set"); done
    "$bin/fedgram" run scale --out "$scratch/$name" --set "federated.max_rounds=$rounds" "${sets[@]}" \
        >"$scratch/out" 2>"$scratch/err" || { cat "$scratch/err" >&2; return 1; }
}
one_each=(federated.nodes=1000 federated.client_fraction=1)
half=(federated.nodes=2000 federated.client_fraction=0.5)
run equal
run quantity-skew "${one_each[@]}" 'federated.partition={"kind":"quantity_skew","alpha":0.5}'
run dirichlet "${half[@]}" 'federated.partition={"kind":"dirichlet","alpha":0.5}'

# cost BIN COMMAND...: median of three of CPU seconds, and the most KiB of memory.
cost() {
    local programs=$1
    shift
    for _ in 1 2 3; do
        command time -f '%U %S %M' -o "$scratch/time" taskset -c 0 "$programs/fedgram" "$@" >"$scratch/printed"
        awk '{ print $1 + $2, $3 }' "$scratch/time"
    done | sort -n | sed -n 2p
}
printf '%-14s %10s %12s %12s %8s %10s %10s %8s\n' table lines "digest KiB" "before CPU s" "now" "before MiB" "now" same
for name in equal quantity-skew dirichlet; do
    read -r cpu_before kib_before <<<"$(cost "$before" table "$scratch/$name")"
    cp "$scratch/printed" "$scratch/printed.before"
    read -r cpu_now kib_now <<<"$(cost "$bin" table "$scratch/$name")"
    same=no
    cmp -s "$scratch/printed" "$scratch/printed.before" && same=yes
    printf '%-14s %10d %12.1f %12.2f %8.2f %10.1f %10.1f %8s\n' "$name" "$(wc -l <"$scratch/$name/ledger.jsonl")" \
        "$(cat "$scratch/$name"/digest*.bin | wc -c | awk '{ print $1 / 1024 }')" "$cpu_before" "$cpu_now" \
        "$(awk "BEGIN { print $kib_before / 1024 }")" "$(awk "BEGIN { print $kib_now / 1024 }")" "$same"
done

mkdir "$scratch/many"
for i in $(seq 1000); do cp -al "$scratch/equal" "$scratch/many/$i"; done
command time -f '%e s, %U + %S CPU s, %M KiB' -o "$scratch/time" taskset -c 0 "$bin/fedgram" list "$scratch/many" >"$scratch/printed"
echo "list over 1,000 runs: $(cat "$scratch/time")"
