#!/usr/bin/env bash
# Fuzzes: tests/fuzz/run.sh [--keep] [SECONDS] [NAME...]
#
# Builds the preset `fuzz` and runs each fuzzer, or those named, for SECONDS (60) one after the other. `run.sh 3600` takes
# ten hours. It begins with the kept inputs and with what earlier runs found; new inputs go to build/fuzz/corpus/NAME,
# the smallest set that covers the same, and with --keep those that cover more than the kept ones go to
# tests/fuzz/corpus/NAME. Ends with 1 when there was a finding; each is in build/fuzz/findings, as NAME-KIND-SHA1.
set -euo pipefail
cd "$(dirname "$0")/../.."

keep=
if [[ ${1:-} == --keep ]]; then
    keep=1
    shift
fi
seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
fi
names=("$@")
if ((${#names[@]} == 0)); then
    for folder in tests/fuzz/corpus/*/; do names+=("$(basename "$folder")"); done
fi
for name in "${names[@]}"; do
    if [[ ! -d tests/fuzz/corpus/$name ]]; then
        echo "run.sh: there is no fuzzer \"$name\"; use one of $(ls -m -w 200 tests/fuzz/corpus)" >&2
        exit 2
    fi
done

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzzers
mkdir -p build/fuzz/findings

found=0
for name in "${names[@]}"; do
    kept=tests/fuzz/corpus/$name
    new=build/fuzz/corpus/$name
    fuzzer=build/fuzz/tests/fedgram_fuzz_$name
    log=build/fuzz/$name.log
    mkdir -p "$new"
    # An input is a page at most: what makes more of it than 64 MB at once, or thinks for ten seconds, is a finding too.
    options=(-max_len=4096 -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=2048 -verbosity=0)
    if [[ -f tests/fuzz/dictionaries/$name.dict ]]; then options+=("-dict=tests/fuzz/dictionaries/$name.dict"); fi
    echo "$name: $seconds s"
    if "$fuzzer" "${options[@]}" -max_total_time="$seconds" -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$name-" "$new" "$kept" >"$log" 2>&1; then
        grep number_of_executed_units "$log"
    else
        found=1
        tail -n 40 "$log"
        continue
    fi
    rm -rf "$new.least"
    mkdir "$new.least"
    "$fuzzer" "${options[@]}" -merge=1 "$new.least" "$new" >>"$log" 2>&1
    rm -r "$new"
    mv "$new.least" "$new"
    if [[ $keep ]]; then "$fuzzer" "${options[@]}" -merge=1 "$kept" "$new" >>"$log" 2>&1; fi
done
exit $found
