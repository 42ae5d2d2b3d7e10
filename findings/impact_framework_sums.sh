#!/usr/bin/env bash
# Impact Framework 1.1.0 (npm @grnsft/if, Green Software Foundation): a sum over children, and an exit code.
#
# A good guess: `aggregation: component` adds up all children of a group, and `if-run` ends with another code than 0 when
# it could not compute a manifest.
#
# Seen, with version 1.1.0:
#  1. The group's sum takes as many time steps of every child as the *first* child has. Where a later child has more,
#     the rest of them is lost without a word: 1 g beside 10 + 10 + 10 g add up to 11 g. Where a later child has fewer,
#     the manifest fails.
#  2. A manifest that fails ends with exit code 0. The failure stands in the output alone, as execution.status: fail.
#
# So manifests for it should give all children the same number of steps, and whoever runs it has to read
# execution.status. What Fedgram writes is padded; tests/peers/impact_framework.mjs reads the status.
#
# This installs the package into a temporary folder, runs it on three small manifests, and fails if the behaviour differs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @grnsft/if@1.1.0 >npm.log 2>&1 ||
    { cat npm.log >&2; exit 1; }

# manifest NAME CHILD...: a group of children, each "name:grams grams ..." with one time step for each number.
manifest() {
    local name=$1
    shift
    cat >"$name.yaml" <<'HEAD'
name: sums
description: what a group adds up to
tags:
aggregation:
  metrics:
    - carbon
  type: both
initialize:
  plugins:
    copied:
      method: Sum
      path: builtin
      config:
        input-parameters: [grams]
        output-parameter: carbon
      parameter-metadata:
        inputs:
          grams:
            unit: gCO2e
            description: given
            aggregation-method: {time: sum, component: sum}
        outputs:
          carbon:
            unit: gCO2e
            description: the same
            aggregation-method: {time: sum, component: sum}
tree:
  children:
HEAD
    local child grams hour
    for child in "$@"; do
        {
            echo "    ${child%%:*}:"
            echo "      pipeline:"
            echo "        compute: [copied]"
            echo "      inputs:"
            hour=0
            for grams in ${child#*:}; do
                echo "        - {timestamp: 2024-01-01T0$hour:00:00.000Z, duration: 3600, grams: $grams}"
                hour=$((hour + 1))
            done
        } >>"$name.yaml"
    done
    code=0
    npx --no-install if-run -m "$name.yaml" -o "$name-out.yaml" >"$name.log" 2>&1 || code=$?
}

# The group's own sum: the last `carbon:` at the indentation of tree.aggregated.
group_sum() { sed -n '/^tree:/,$p' "$1-out.yaml" | sed -n '/^  aggregated:/,/^  [a-z]*:/p' | sed -n 's/^    carbon: //p'; }
status() { sed -n '/^execution:/,$p' "$1-out.yaml" | sed -n 's/^  status: //p'; }

failed=0
expect() { # WHAT SEEN EXPECTED
    echo "$1: $2"
    [[ $2 == "$3" ]] || { echo "  differs from what was seen with 1.1.0: $3" >&2; failed=1; }
}

manifest even 'first:1 1 1' 'second:10 10 10'
expect 'three steps each, 3 + 30 g: status' "$(status even)" success
expect 'three steps each, 3 + 30 g: the group' "$(group_sum even)" 33

manifest short_first 'first:1' 'second:10 10 10'
expect 'one step beside three, 1 + 30 g: status' "$(status short_first)" success
expect 'one step beside three, 1 + 30 g: the group' "$(group_sum short_first)" 11

manifest long_first 'second:10 10 10' 'first:1'
expect 'three steps beside one, 30 + 1 g: status' "$(status long_first)" fail
expect 'three steps beside one, 30 + 1 g: exit code' "$code" 0
exit $failed
