#!/usr/bin/env bash
# `debian_package.sh BUILD`: the Debian packages that cpack makes name what they need, and work where they are unpacked.
source "$(dirname "$0")/as_a_user.sh"
build=$1

# As strict as who makes them may be.
(umask 077 && cpack --config "$build/CPackConfig.cmake" -B "$folder/made" >"$folder/log" 2>&1) || fail "$(cat "$folder/log")"
packages=("$folder"/made/*.deb)
for package in "${packages[@]}"; do
    dpkg-deb --extract "$package" "$folder/root"
done

# needs PACKAGE NAME...: its dependencies name all of these.
needs() {
    local depends name
    depends=$(dpkg-deb --field "$folder/made/$1"_*.deb Depends)
    for name in "${@:2}"; do
        [[ $depends == *"$name"* ]] || fail "$1 needs $name, and depends on $depends"
    done
}
needs fedgram libc6 libssl3 libprotobuf-lite32 zlib1g libzip4 librsvg2-2
[[ ${#packages[@]} -eq 1 ]] || needs fedgram-torch 'fedgram (=' libtorch
! dpkg-deb --field "$folder"/made/fedgram_*.deb Depends | grep libtorch || fail "fedgram alone needs no LibTorch"

for page in "$folder"/root/usr/share/man/man1/*; do
    [[ $page == *.gz ]] || fail "$page isn't compressed"
done
check_programs "$folder/root/usr" "$build"
