#!/bin/sh
# Installs Debian packages when a command or a file is missing: sh scripts/debian_package.sh WANTED PACKAGE…
# WANTED is a command on PATH, or the path of a file, with wildcards where a part of it is not known.
set -eu
wanted=$1
shift

present() {
    # shellcheck disable=SC2086 # wildcards are to be expanded
    command -v $wanted >/dev/null 2>&1 || ls $wanted >/dev/null 2>&1
}

if present; then exit 0; fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "$wanted is missing, and this is no Debian system to install $* on. Install it and try again." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
echo "$wanted is missing: installing $*"
exec 9>"${TMPDIR:-/tmp}/mini-crm-packages-$(id -u).lock"
flock 9 # one at a time: apt-get does not wait for another
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
if ! present; then
    echo "$* is installed, and there is still no $wanted." >&2
    exit 1
fi
