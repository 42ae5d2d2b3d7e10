#!/usr/bin/env bash
# `install.sh BUILD`: what `cmake --install` puts below a prefix works for others than who installed it.
source "$(dirname "$0")/as_a_user.sh"
build=$1

umask 022
cmake --install "$build" --prefix "$folder/prefix" >"$folder/log" || fail "$(cat "$folder/log")"
check_programs "$folder/prefix" "$build"
