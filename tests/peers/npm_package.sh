#!/usr/bin/env bash
# npm_package.sh FOLDER NAME VERSION: installs a package of npm under FOLDER, unless it is there, and prints the
# node_modules that it is in. Installs Debian's nodejs and npm where there are none.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${1:?npm_package.sh: which folder?}
name=${2:?npm_package.sh: which package?}
version=${3:?npm_package.sh: which version?}

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
command -v node >/dev/null && command -v npm >/dev/null || "$root/experiments/setup.sh" nodejs npm

installed=$cache/${name//\//+}@$version
if [[ ! -d $installed ]]; then
    partial=$(mktemp -d "$cache/partial.XXXXXX")
    trap 'rm -rf "$partial"' EXIT
    # By its defaults npm tries for minutes where there is no network.
    if ! timeout 200 npm install --prefix "$partial" --no-audit --no-fund --ignore-scripts --loglevel=error \
        --fetch-retries=1 --fetch-retry-mintimeout=1000 "$name@$version" >"$cache/npm.log" 2>&1; then
        cat "$cache/npm.log" >&2
        echo "npm_package.sh: $name@$version could not be installed; see tests/peers/README.md for a machine without a" \
            "network" >&2
        exit 1
    fi
    mv "$partial" "$installed"
fi
echo "$installed/node_modules"
