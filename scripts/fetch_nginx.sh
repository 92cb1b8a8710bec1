#!/bin/sh
# Unpacks Debian's nginx into a folder, for the test of the settings in docs/proxy.md. It is not
# installed: that would start a web server on this machine.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "nginx is missing and this is no Debian-like system: install it and try again." >&2
    exit 1
fi
mkdir -p "$1"
cd "$1"
apt-get download -qq nginx || { apt-get update -qq && apt-get download -qq nginx; }
dpkg-deb -x nginx_*.deb .
rm nginx_*.deb
