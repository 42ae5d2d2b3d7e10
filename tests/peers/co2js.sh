#!/usr/bin/env bash
# co2js.sh FOLDER: prints our grid intensities beside those of CO2.js, country by country, and compares the summary with
# the one in datasets/records/SOURCES.md. FOLDER keeps what is installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
modules=$("$here/npm_package.sh" "${1:?co2js.sh: which folder?}" @tgwf/co2 0.19.0)
exec node "$here/co2js.mjs" "$modules"
