#!/usr/bin/env bash
# From a fresh Debian 12 machine to the emissions table: installs what is missing, builds, trains, prints. Arguments go
# to `fedgram reproduce table4`, as in `experiments/reproduce.sh --quick --out results/quick`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

"$root/experiments/setup.sh"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "building" >&2
programs=(fedgram fedgram-coordinator fedgram-client fedgram_torch_engine)
if ! { cmake -S "$root" --preset release && cmake --build "$root/build/release" --target "${programs[@]}"; } \
    >"$log" 2>&1; then
    cat "$log" >&2
    echo "reproduce.sh: the build failed" >&2
    exit 1
fi
rm -f "$log"
exec "$root/build/release/bin/fedgram" reproduce table4 "$@"
