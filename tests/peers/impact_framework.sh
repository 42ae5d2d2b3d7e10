#!/usr/bin/env bash
# impact_framework.sh FEDGRAM FOLDER: has the Impact Framework compute the manifests that FEDGRAM writes, and compares
# its grams with the table's. FOLDER keeps what is installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fedgram=${1:?impact_framework.sh: which fedgram?}
modules=$("$here/npm_package.sh" "${2:?impact_framework.sh: which folder?}" @grnsft/if 1.1.0)
exec node "$here/impact_framework.mjs" "$fedgram" "$modules"
