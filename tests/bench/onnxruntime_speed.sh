#!/usr/bin/env bash
# onnxruntime_speed.sh [MODEL [ROUNDS]]: samples a second of CPU time of a built-in model (small-cnn) in int8, from floats in
# memory to logits: by our int8 engine and by ONNX Runtime on the exported model, in turn on one core for so many rounds (7),
# one by one and in batches of 64. README.md says what is in and what is out. It needs a build with fedgram-int8-speed, and
# npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/release
model=${1:-small-cnn}
rounds=${2:-7}
core=$(($(nproc) - 1))
modules=$("$here/../peers/npm_package.sh" "$build/peers" onnxruntime-node 1.30.0)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/spec.json" <<SPEC
{"name": "timed", "data": {"dataset": "fashion-mnist", "train_samples": 1000}, "model": "$model",
 "trainings": [{"label": "central", "kind": "centralized", "learning_rate": 0.02, "max_epochs": 1}],
 "reductions": [{"label": "int8", "training": "central", "levers": [{"lever": "quantize", "weights": "channel"}]}]}
SPEC
"$build/bin/fedgram" run "$scratch/spec.json" --out "$scratch/run" >/dev/null 2>&1
"$build/bin/fedgram" export "$scratch/run" --reduction int8 --onnx "$scratch/int8.onnx" 2>/dev/null

sed -n 's/^model name.*: /CPU: /p' /proc/cpuinfo | head -1
echo "flags: $(sed -n 's/^flags.*: //p' /proc/cpuinfo | head -1 | tr ' ' '\n' | grep -E '^(avx2|avx512f|avx512bw|avx512vl|.*vnni)$' | xargs)"
for round in $(seq "$rounds"); do
    # The last line is that of the logits; it ends with rate and ratio of each batch size.
    taskset -c "$core" "$build/bin/fedgram-int8-speed" --model "$model" --turns 21 |
        awk 'END { print "ours", 1, $(NF - 3); print "ours", 64, $(NF - 1) }' >>"$scratch/rates"
    taskset -c "$core" node "$here/onnxruntime_speed.mjs" "$modules" "$scratch/int8.onnx" >>"$scratch/rates"
    echo "round $round: $(tail -6 "$scratch/rates" | tr '\n' ';')" >&2
done

median() { # WHAT BATCH
    awk -v what="$1" -v batch="$2" '$1 == what && $2 == batch { print $3 }' "$scratch/rates" | sort -g |
        awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}
echo "$model in int8, samples per CPU second, medians of $rounds rounds"
for batch in 1 64; do
    awk -v batch=$batch -v ours="$(median ours $batch)" -v theirs="$(median theirs $batch)" \
        -v bare="$(median theirs-without-calls $batch)" 'BEGIN {
            printf "batch %2d: ours %.0f, ONNX Runtime %.0f (%.0f without the calls), ratio %.2f (%.2f)\n",
                batch, ours, theirs, bare, ours / theirs, ours / bare }'
done
