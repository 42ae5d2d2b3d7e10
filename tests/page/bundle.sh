#!/usr/bin/env bash
# bundle.sh FOLDER: checks that common/report/page/charts.min.js is, byte for byte, what its script makes. FOLDER keeps
# what is installed.
set -euo pipefail
page=$(cd "$(dirname "$0")/../../common/report/page" && pwd)
made=$(mktemp)
trap 'rm -f "$made"' EXIT
"$page/bundle.sh" "${1:?bundle.sh: which folder?}" "$made"
if ! cmp "$made" "$page/charts.min.js"; then
    echo "bundle.sh: run common/report/page/bundle.sh FOLDER and commit charts.min.js" >&2
    exit 1
fi
