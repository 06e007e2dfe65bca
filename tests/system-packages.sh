#!/bin/sh
# Bring the programs that the tests drive and that no Python or npm package holds: two browsers, a virtual
# screen, software OpenGL and a reverse proxy. Does nothing when all are there; without root or apt it says
# what is missing (the tests that need it skip with a reason; under CI=true they fail).
set -eu
cd "$(dirname "$0")/.."

proxy=.cache/caddy/usr/bin/caddy
packages="chromium firefox-esr xvfb xauth libegl1 libgl1 libgl1-mesa-dri libglx-mesa0 libegl-mesa0 fonts-dejavu-core"

missing() {
    if command -v dpkg-query >/dev/null; then
        for package in $packages; do
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s ' "$package"
        done
    else
        for program in chromium firefox-esr xvfb-run; do
            command -v "$program" >/dev/null || printf '%s ' "$program"
        done
    fi
}

wanted=$(missing)
command -v caddy >/dev/null || test -x "$proxy" || without_proxy=yes
test -n "$wanted${without_proxy:-}" || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "==> missing on this machine: $wanted${without_proxy:+caddy}"
    echo "    tests in real browsers or behind the proxy will skip; on Debian: sudo apt-get install $wanted${without_proxy:+caddy}"
    exit 0
fi

echo "==> Debian packages for the tests: $wanted${without_proxy:+caddy} (a minute or two the first time)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }; }
install_wanted() {
    test -z "$wanted" && return
    # shellcheck disable=SC2086 # a list of words on purpose
    quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $wanted
}
# Unpacked, not installed: an installed proxy would start itself on port 80.
unpack_proxy() {
    test -z "${without_proxy:-}" && return
    mkdir -p .cache/caddy && (
        cd .cache/caddy && quietly apt-get download -o APT::Sandbox::User=root caddy &&
            dpkg -x caddy_*.deb . && rm caddy_*.deb
    )
}
quietly apt-get update && install_wanted && unpack_proxy ||
    echo "    apt could not bring them; tests that need them will skip, or fail under CI=true"
