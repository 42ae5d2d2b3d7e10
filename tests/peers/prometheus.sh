#!/usr/bin/env bash
# prometheus.sh FEDGRAM FOLDER: promtool of Debian's prometheus checks the metrics of a run that goes on, round by round,
# and of one that is over. The package is unpacked into FOLDER and not installed, since it would start a server.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fedgram=${1:?prometheus.sh: which fedgram?}
folder=${2:?prometheus.sh: which folder keeps what is unpacked?}
"$here/../../experiments/setup.sh" curl
promtool=$folder/prometheus/usr/bin/promtool
if [[ ! -x $promtool ]]; then
    mkdir -p "$folder/prometheus"
    (cd "$folder/prometheus" && { apt-get download -q prometheus || { apt-get update -q && apt-get download -q prometheus; }; } \
        >apt.log 2>&1 && dpkg-deb -x prometheus_*.deb .) || { cat "$folder/prometheus/apt.log" >&2; exit 1; }
fi

scratch=$(mktemp -d)
run=
trap '[[ -z $run ]] || kill "$run" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
cat >"$scratch/spec.json" <<'SPEC'
{"name": "metrics", "data": {"dataset": "fashion-mnist", "train_samples": 3000}, "model": "mlp-32",
 "federated": {"nodes": 5, "learning_rate": 0.05, "max_rounds": 200},
 "trainings": [{"label": "iid", "kind": "federated"}]}
SPEC

# address FILE: what comes behind "at" in what the process says.
address() {
    for _ in $(seq 300); do
        grep -o 'http://[^ ]*/metrics' "$1" 2>/dev/null && return
        sleep 0.05
    done
    echo "it doesn't say where its metrics are" >&2
    return 1
}

"$fedgram" run "$scratch/spec.json" --out "$scratch/run" --metrics 127.0.0.1:0 >/dev/null 2>"$scratch/err" &
run=$!
place=$(address "$scratch/err")
checked=0
while text=$(curl -sf "$place"); do
    "$promtool" check metrics <<<"$text"
    grep -q 'fedgram_round_nodes{' <<<"$text" && checked=$((checked + 1))
    sleep 0.5
done
wait "$run"
run=
[[ $checked -gt 0 ]] || { echo "no metrics of a round under way were seen" >&2; exit 1; }

"$fedgram" watch "$scratch/run" --no-page --metrics 127.0.0.1:0 2>"$scratch/err2" &
run=$!
place=$(address "$scratch/err2")
text=$(curl -sf "$place")
"$promtool" check metrics <<<"$text"
grep -qx 'fedgram_rounds_total{training="iid",kind="federated"} 200' <<<"$text"
kill "$run"
wait "$run"
run=
echo "$("$promtool" --version 2>&1 | head -1): $checked looks at a round under way, and one at the end"
