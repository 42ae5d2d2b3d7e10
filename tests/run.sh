#!/usr/bin/env bash
# Installs what is missing, builds, runs the tests: all but the long ones, with --all those too, with --unit the unit
# tests alone. `--preset asan` or `tsan` does so under a sanitizer; all other arguments go to ctest, as in
# `tests/run.sh -R carbon`.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
which=(--label-exclude long)
targets=()
while [[ ${1:-} == --preset || ${1:-} == --all || ${1:-} == --unit ]]; do
    case $1 in
        --preset)
            preset=${2:?--preset needs a name: release, dev, asan, tsan}
            shift
            ;;
        --all) which=() ;;
        --unit)
            which=(--label-regex '^unit$')
            targets=(unit_tests)
            ;;
    esac
    shift
done
experiments/setup.sh
experiments/build.sh "$preset" "${targets[@]}"
exec ctest --test-dir "build/$preset" --output-on-failure "${which[@]}" "$@"
