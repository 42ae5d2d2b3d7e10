#!/usr/bin/env bash
# page.sh FOLDER OUTPUT FEDGRAM: opens the report page in Debian's Chromium, with data made of the reference run and with
# the page that the program FEDGRAM writes of it. FOLDER keeps what is installed, OUTPUT gets the pages and their
# screenshots.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?page.sh: which folder?}
output=${2:?page.sh: where to put the screenshots?}
fedgram=${3:?page.sh: which program?}
mkdir -p "$output"
modules=$("$here/../peers/npm_package.sh" "$folder" puppeteer-core 24.43.1)
"$here/../../experiments/setup.sh" chromium
NODE_MODULES=$modules CHROMIUM=/usr/bin/chromium OUTPUT=$(cd "$output" && pwd) FEDGRAM=$fedgram \
    exec node --test "$here/digits_test.mjs" "$here/life_test.mjs" "$here/lifecycle_test.mjs" "$here/live_test.mjs" \
    "$here/page_test.mjs" "$here/repricing_test.mjs" "$here/serving_test.mjs" "$here/several_test.mjs" \
    "$here/sweep_test.mjs"
