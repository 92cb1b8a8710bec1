#!/bin/sh
# Installs packages of the system that pip has not: sh scripts/install_packages.sh NAME ...
set -eu
if ! command -v apt-get >/dev/null; then
    echo "This is no Debian-like system: install $* and try again." >&2
    exit 1
fi
run=""
[ "$(id -u)" = 0 ] || run="sudo"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run apt-get install -y -qq --no-install-recommends "$@"
