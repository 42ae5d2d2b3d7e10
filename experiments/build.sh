#!/usr/bin/env bash
# Configures and builds: `experiments/build.sh PRESET [TARGET...]`. Shows on stderr how far it is: on a terminal one line
# that moves, elsewhere a line each tenth. Silent when nothing is to do. Its log is build/PRESET/build.log.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
preset=${1:?build.sh: which preset? release, dev, asan, tsan, fuzz}
shift

folder=$root/build/$preset
log=$folder/build.log
mkdir -p "$folder"
targets=()
[[ $# -eq 0 ]] || targets=(--target "$@")

# Reads Ninja's "[steps done/all steps] ..." and hands on what it has not shown yet.
show_progress() {
    local line tenth shown=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        if [[ -t 2 ]]; then
            printf '\r\033[Kbuilding: %d of %d' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
            continue
        fi
        tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        if ((tenth > shown)); then
            echo "building: $((10 * tenth)) %" >&2
            shown=$tenth
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

if ! { (cd "$root" && cmake --preset "$preset") && NINJA_STATUS='[%f/%t] ' cmake --build "$folder" "${targets[@]}"; } \
    2>&1 | tee "$log" | show_progress; then
    # From the first fault on; the steps before it say nothing.
    sed -n '/FAILED:\|CMake Error\|error:/,$p' "$log" | head -n 60 >&2
    echo "build.sh: the build failed; its log is $log" >&2
    exit 1
fi
