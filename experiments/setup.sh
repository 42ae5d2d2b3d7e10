#!/usr/bin/env bash
# Installs the Debian packages that Fedgram is built from and that are missing, and says so. Silent when all are there.
# Its arguments are further packages.
set -euo pipefail

packages=(
    build-essential cmake ninja-build ccache pkg-config
    libtorch-dev libopenblas0-pthread
    libasio-dev libprotobuf-dev protobuf-compiler libeigen3-dev nlohmann-json3-dev libspdlog-dev libcli11-dev
    zlib1g-dev libzip-dev libspng-dev libturbojpeg0-dev librsvg2-dev libssl-dev libxxhash-dev catch2 iproute2
    dataset-fashion-mnist
)

missing=()
find_missing() {
    local package status
    missing=()
    for package in "$@"; do
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
        [[ $status == installed ]] || missing+=("$package")
    done
}
find_missing "${packages[@]}" "$@"
[[ ${#missing[@]} -gt 0 ]] || exit 0

# apt refuses to update beside another update, as tests side by side would have it: one after the other, and the second
# may find that nothing is missing any more. The lock is on the folder itself, and leaves no file.
exec {lock}</var/lib/dpkg
flock "$lock"
find_missing "${packages[@]}" "$@"
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "setup.sh: missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "installing ${missing[*]}" >&2
if ! {
    "${as_root[@]}" apt-get update -q &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
} >"$log" 2>&1; then
    cat "$log" >&2
    echo "setup.sh: the packages above could not be installed" >&2
    exit 1
fi
