#!/usr/bin/env bash
# event_files.sh FEDGRAM: reads the event files of a run by Debian's Protocol Buffers for Python. Installs
# python3-protobuf where it is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fedgram=${1:?event_files.sh: which fedgram?}
"$here/../../experiments/setup.sh" python3-protobuf
exec /usr/bin/python3 "$here/event_files.py" "$fedgram"
