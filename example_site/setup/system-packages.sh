#!/bin/sh
# Installs what Python packages cannot bring along, when that is allowed; otherwise prints the command and goes on.
#
#   system-packages.sh python    the venv module (Debian keeps it in a package of its own)
#   system-packages.sh pdf       WeasyPrint's libraries and a font
#   system-packages.sh browser   Chromium, for browser tests
#
# Allowed: root, or sudo without a password, with apt-get; or Homebrew.
set -eu

case "$1" in
    python)  debian="python3-venv"; brew="" ;;
    pdf)     debian="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core"; brew="pango" ;;
    browser) debian="chromium"; brew="--cask chromium" ;;
    *)       echo "system-packages.sh: python, pdf or browser" >&2; exit 2 ;;
esac

missing_on_debian() {
    for package in $debian; do
        dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' || printf '%s ' "$package"
    done
}

missing_on_mac() {
    case "$1" in
        pdf)     brew list pango >/dev/null 2>&1 || echo "$brew" ;;
        browser) [ -e /Applications/Chromium.app ] || command -v chromium >/dev/null 2>&1 || echo "$brew" ;;
    esac
}

if command -v apt-get >/dev/null 2>&1; then
    missing=$(missing_on_debian)
    [ -n "$missing" ] || exit 0
    command="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" = 0 ]; then sudo=""
    elif sudo -n true 2>/dev/null; then sudo="sudo"
    else echo "Please run: sudo $command" >&2; exit 0
    fi
    echo "Installing $missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    if ! { $sudo apt-get update -qq && $sudo $command -qq >/dev/null; }; then
        echo "That did not work. Please run: $command" >&2
    fi
elif command -v brew >/dev/null 2>&1; then
    missing=$(missing_on_mac "$1")
    [ -n "$missing" ] || exit 0
    echo "Installing $missing"
    # shellcheck disable=SC2086
    brew install $missing || echo "That did not work. Please run: brew install $missing" >&2
else
    echo "Neither apt-get nor brew is here. On Debian these packages are needed: $debian" >&2
fi
