#!/usr/bin/env bash
# Puts nginx on the machine where it is missing, for the tests of the proxy's configuration; nothing is started. Where it
# cannot be installed, those tests are skipped aloud. In CI it is an error.
set -euo pipefail
what="nginx"
how="install it to try the proxy's configuration"
source "$(dirname "$0")/packages.sh"

present() {
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]
}

if present; then
  exit 0
fi
may_install
# Only the program is wanted. Without this note the package would also start it on this machine.
note=/usr/sbin/policy-rc.d
if [ ! -e "$note" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$note" >/dev/null
  "${as_root[@]}" chmod 755 "$note"
  trap '"${as_root[@]}" rm -f "$note"' EXIT
fi
install_package nginx-light
