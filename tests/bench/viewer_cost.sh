#!/usr/bin/env bash
# viewer_cost.sh [VIEWERS]: instructions of a coordinator, counted by callgrind (Debian's valgrind), while so many viewers
# (10) follow its run, and while nobody does. Two runs of each, in turn. It needs curl, and a build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../../build/release/bin
viewers=${1:-10}
"$here/../../experiments/setup.sh" valgrind curl

scratch=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
cat >"$scratch/spec.json" <<'SPEC'
{"name": "viewed", "data": {"dataset": "fashion-mnist", "train_samples": 2000}, "model": "mlp-32",
 "federated": {"nodes": 10, "learning_rate": 0.05, "max_rounds": 40, "evaluate_every_rounds": 20},
 "trainings": [{"label": "iid", "kind": "federated"}]}
SPEC
"$bin/fedgram" resolve "$scratch/spec.json" --out "$scratch/resolved.json" >/dev/null
export FEDGRAM_SECRET=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')

# said FILE PATTERN: waits until a process has said it.
said() {
    until grep -o "$2" "$1" 2>/dev/null; do sleep 0.1; done
}

# instructions NAME VIEWERS: runs the experiment and prints what its coordinator took.
instructions() {
    local out=$scratch/$1
    valgrind --tool=callgrind --callgrind-out-file="$out.callgrind" "$bin/fedgram-coordinator" --spec \
        "$scratch/resolved.json" --out "$out" --listen 127.0.0.1:0 >"$out.listening" 2>"$out.err" &
    local coordinator=$!
    started+=("$coordinator")
    local address
    address=$(said "$out.listening" '127.0.0.1:[0-9]*')
    if [[ $2 -gt 0 ]]; then
        "$bin/fedgram" watch "$out" 2>"$out.watch" &
        local watcher=$!
        local page
        page=$(said "$out.watch" 'http://[^ ]*')
        started+=("$watcher")
        for _ in $(seq "$2"); do
            curl -sN "${page}events" >>"$out.stream" &
            started+=("$!")
        done
    fi
    "$bin/fedgram-client" --connect "$address" --nodes 0-9 >/dev/null 2>&1 &
    started+=("$!")
    wait "$coordinator"
    [[ $2 -eq 0 ]] || { kill "$watcher"; wait "$watcher"; [[ $(grep -c '^event: end' "$out.stream") -eq $2 ]]; }
    wait
    started=()
    sed -n 's/^.*Collected : //p' "$out.err"
}

for repetition in 1 2; do
    alone=$(instructions "alone$repetition" 0)
    viewed=$(instructions "viewed$repetition" "$viewers")
    awk -v alone="$alone" -v viewed="$viewed" -v viewers="$viewers" \
        'BEGIN { printf "%d instructions alone, %d with %d viewers: %.5f\n", alone, viewed, viewers, viewed / alone }'
done
