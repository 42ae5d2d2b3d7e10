#!/usr/bin/env bash
# From a fresh Debian 12 machine to the emissions table: installs what is missing, builds, trains, prints. Arguments go
# to `fedgram reproduce table4`, as in `experiments/reproduce.sh --quick --out results/quick`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

"$root/experiments/setup.sh"
"$root/experiments/build.sh" release fedgram fedgram-coordinator fedgram-client fedgram_torch_engine
exec "$root/build/release/bin/fedgram" reproduce table4 "$@"
