# Sourced by the tests here: programs as someone uses them who hasn't installed them.
set -euo pipefail

folder=$(mktemp --directory)
trap 'chmod --recursive u+w "$folder"; rm --recursive "$folder"' EXIT
chmod 755 "$folder"  # an ordinary user passes through

fail() {
    echo "$*" >&2
    exit 1
}

# as_a_user COMMAND...: without root's rights and without a home.
as_a_user() {
    local user=()
    [[ $EUID -ne 0 ]] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    env --ignore-environment PATH=/usr/bin:/bin HOME=/nonexistent "${user[@]}" "$@"
}

# table_of NAME FEDGRAM...: trains table4-quick in the empty folder NAME, which belongs to that user, and prints the path of
# its table.
table_of() {
    local here=$folder/$1
    mkdir "$here"
    [[ $EUID -ne 0 ]] || chown 65534:65534 "$here"
    (cd "$here" && "${@:2}" run table4-quick) >"$here.log" 2>&1 || fail "$(cat "$here.log")"
    echo "$here"/results/table4-quick-*/table.json
}

# check_programs PREFIX BUILD: what was installed below PREFIX, which nobody may write to from here on, trains to the same
# table as the programs in the folder BUILD, and doesn't need that one.
check_programs() {
    local prefix=$1 build=$2 file fault table
    chmod --recursive a-w "$prefix"
    for file in "$prefix"/bin/fedgram{,-coordinator,-client,-serve} "$prefix"/lib/fedgram/*.so; do
        [[ -e $file ]] || continue  # built without LibTorch
        ! readelf --dynamic "$file" | grep --fixed-strings "$build" || fail "$file looks for libraries in the build folder"
    done
    if [[ -e $prefix/lib/fedgram ]]; then
        as_a_user "$prefix/bin/fedgram" doctor | grep --quiet '^engine torch  *yes' || fail "the LibTorch engine isn't found"
    fi
    table=$(table_of installed as_a_user "$prefix/bin/fedgram")
    cmp "$table" "$(table_of built "$build/bin/fedgram")" || fail "the installed programs train to another table"

    for file in fedgram fedgram-coordinator fedgram-client fedgram-serve fedgram-run; do
        ls "$prefix/share/man/man1/$file.1"* >/dev/null
    done
    command -v man >/dev/null || return 0
    for file in "$prefix"/share/man/man1/*; do
        fault=$(LC_ALL=C.UTF-8 man --warnings --local-file "$file" 2>&1 >/dev/null)
        [[ -z $fault ]] || fail "$fault"
    done
}
