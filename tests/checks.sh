#!/usr/bin/env bash
# What CI checks beside the tests: `tests/checks.sh [headers] [tidy]`, or both. They leave out what is LibTorch's.
#   headers  compiles alone each public header that no source includes first
#   tidy     holds the sources to .clang-tidy; without precompiled headers, so that the header that a source includes
#            first is compiled alone, too
set -euo pipefail
cd "$(dirname "$0")/.."

headers_to_compile() {
    local header source
    find common coordinator client datasets experiments -name '*.hpp' \
        -not -path 'common/learning/torch/*' -not -path 'common/precompiled/*' | sort |
        while read -r header; do
            source=${header%.hpp}.cpp
            if [[ ! -f $source || $(grep --max-count 1 '^#include' "$source") != "#include \"$header\"" ]]; then
                echo "$header"
            fi
        done
}

check_headers() {
    local header command commands headers
    # CMake's own target for this would build every library first.
    commands=$(ninja -C build/checks -t commands all_verify_interface_header_sets)
    headers=$(headers_to_compile)
    for header in $headers; do
        command=$(grep --fixed-strings "/$header.cxx" <<<"$commands" || true)
        if [[ -z $command ]]; then
            echo "checks.sh: $header is in no FILE_SET of a CMakeLists.txt; add it" >&2
            return 1
        fi
        if ! (cd build/checks && sh -c "$command -fsyntax-only"); then
            echo "checks.sh: $header doesn't compile alone; include in it what it uses" >&2
            return 1
        fi
    done
    echo "$(wc -w <<<"$headers") headers, each compiled alone" >&2
}

check_tidy() {
    local log=build/checks/tidy.log
    if ! run-clang-tidy-14 -p build/checks -j "$(nproc)" -quiet \
        "^$PWD/(common|coordinator|client|datasets|experiments)/.*\.cpp\$" >"$log" 2>&1; then
        sed --in-place 's/\x1b\[[0-9;]*m//g' "$log"  # it colours its words even in a file
        { grep --after-context=3 'error: ' "$log" || tail --lines=20 "$log"; } | awk 'NR <= 100' >&2
        echo "checks.sh: clang-tidy has findings; all of them are in $PWD/$log" >&2
        return 1
    fi
}

[[ $# -gt 0 ]] || set -- headers tidy
for check in "$@"; do
    if [[ $check != headers && $check != tidy ]]; then
        echo "checks.sh: $check is unknown; use headers, tidy" >&2
        exit 2
    fi
done
experiments/setup.sh clang-14 clang-tidy-14  # other versions warn differently
cmake --preset checks >/dev/null
# Configured only; the headers that are generated are needed.
cmake --build build/checks --target common/protocol/messages.pb.h common/tensorboard/event.pb.h common/learning/onnx/onnx_messages.pb.h >/dev/null
for check in "$@"; do
    echo "checking: $check" >&2
    "check_$check"
done
