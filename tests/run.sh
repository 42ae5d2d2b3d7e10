#!/usr/bin/env bash
# Installs what is missing, builds, runs every test. `--preset asan` or `tsan` does so under a sanitizer; all other
# arguments go to ctest, as in `tests/run.sh -R carbon`.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
if [[ ${1:-} == --preset ]]; then
    preset=${2:?--preset needs a name: release, dev, asan, tsan}
    shift 2
fi
experiments/setup.sh
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
exec ctest --test-dir "build/$preset" --output-on-failure "$@"
