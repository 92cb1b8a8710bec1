#!/bin/sh
# Installs Chromium from the system's packages, for the browser tests.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "Chromium is missing and this is no Debian-like system: install it and try again." >&2
    exit 1
fi
run=""
[ "$(id -u)" = 0 ] || run="sudo"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
