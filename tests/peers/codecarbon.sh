#!/usr/bin/env bash
# codecarbon.sh FEDGRAM: opens emissions.csv in pandas, as CodeCarbon's readers open theirs. Installs Debian's
# python3-pandas where it is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fedgram=${1:?codecarbon.sh: which fedgram?}
"$here/../../experiments/setup.sh" python3-pandas
exec /usr/bin/python3 "$here/codecarbon.py" "$fedgram"
