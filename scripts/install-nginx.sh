#!/usr/bin/env bash
# Puts nginx on the machine where it is missing, for the tests of the proxy's configuration; nothing is started. A machine
# that cannot install packages is told so and goes on: those tests are then skipped aloud. In CI it is an error.
set -euo pipefail

present() {
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]
}

give_up() {
  echo "nginx is missing and $1: install it to try the proxy's configuration." >&2
  if [ -n "${CI:-}" ]; then
    exit 1
  fi
  exit 0
}

if present; then
  exit 0
fi
command -v apt-get >/dev/null || give_up "there is no apt-get here"

# Never a prompt for a password in the middle of a test run.
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    give_up "this user may not install packages"
  fi
  as_root=(sudo -n)
fi

echo "Installing nginx for the tests ..."
# Only the program is wanted. Without this note the package would also start it on this machine.
note=/usr/sbin/policy-rc.d
if [ ! -e "$note" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$note" >/dev/null
  "${as_root[@]}" chmod 755 "$note"
  trap '"${as_root[@]}" rm -f "$note"' EXIT
fi

if ! "${as_root[@]}" apt-get update -qq; then
  give_up "apt-get update failed"
fi
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light; then
  give_up "apt-get install failed"
fi
present || give_up "the package brought no program"
