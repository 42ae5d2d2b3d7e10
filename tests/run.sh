#!/usr/bin/env bash
# Installs what is missing, builds, runs the tests: all but the long ones, or with --all those too. `--preset asan` or
# `tsan` does so under a sanitizer; all other arguments go to ctest, as in `tests/run.sh -R carbon`.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
which=(--label-exclude long)
while [[ ${1:-} == --preset || ${1:-} == --all ]]; do
    if [[ $1 == --all ]]; then
        which=()
        shift
    else
        preset=${2:?--preset needs a name: release, dev, asan, tsan}
        shift 2
    fi
done
experiments/setup.sh
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
exec ctest --test-dir "build/$preset" --output-on-failure "${which[@]}" "$@"
