#!/usr/bin/env bash
# Puts a browser on the machine where it is missing, and what looks at pages in it into a folder of its own, apart from
# the product (tests/browser/node, by its lock). Where it cannot be installed, `make test-browser` says so. In CI it is an
# error.
set -euo pipefail
how="install them to try the pages in a browser"
here="$(cd "$(dirname "$0")/.." && pwd)"
source "$here/scripts/packages.sh"

what="chromium"
present() {
  command -v chromium >/dev/null
}
if ! present; then
  may_install
  install_package chromium
fi

what="npm"
present() {
  command -v npm >/dev/null
}
if ! present; then
  may_install
  install_package npm
fi

tools="$here/tests/browser/node"
if [ "$tools/node_modules/.package-lock.json" -ot "$tools/package-lock.json" ]; then
  echo "Installing what looks at pages (tests/browser/node) ..."
  # Nothing of it runs while it is installed.
  npm ci --prefix "$tools" --ignore-scripts --no-audit --no-fund --silent || what="axe and lighthouse" give_up "npm failed"
fi
