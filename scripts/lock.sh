#!/bin/sh
# Writes the three requirements files from pyproject.toml: hashed, for every platform, without any address.
# UPGRADE=1 takes the newest versions that the ranges allow; without it the pins stay unless a range has moved.
# Extras stay written out: pip before 23.3 takes `coverage[toml]` for a package without a pin as soon as a newer one is out.
set -eu
cd "$(dirname "$0")/.."
upgrade=
if [ -n "${UPGRADE:-}" ]; then upgrade=--upgrade; fi

compile() {
    # shellcheck disable=SC2086 # $upgrade is one option or none
    .venv/bin/uv pip compile pyproject.toml "$@" $upgrade --quiet --universal --python-version 3.11 --generate-hashes \
        --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
}

# Running and testing; then what the containers install, and the tools: the same pins, so that all fit into one environment.
compile --extra servers --extra test --output-file requirements.txt
compile --extra servers --constraint requirements.txt --output-file requirements-prod.txt
compile --extra tools --constraint requirements.txt --output-file requirements-tools.txt
