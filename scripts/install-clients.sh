#!/usr/bin/env bash
# Makers of clients and linters of contracts, each by its lock, in a folder of their own: `.clients`, or the one that is
# named. No part of the product, nor of its environment. Where they cannot be had, their tests are skipped aloud; in CI
# it is an error.
set -euo pipefail
what="Node.js"
how="install nodejs and npm to try generated clients"
here=$(cd "$(dirname "$0")/.." && pwd)
source "$here/scripts/packages.sh"

present() {
  command -v node >/dev/null && command -v npm >/dev/null
}

folder=${1:-$here/.clients}
locks=$here/tests/clients
stamp=$folder/.locked-$(cat "$locks/requirements.lock" "$locks/package-lock.json" | cksum | cut -d ' ' -f 1)
if [ -e "$stamp" ]; then
  exit 0
fi
if ! present; then
  may_install
  install_package npm
fi
what="the makers of clients"
how="their tests are skipped"
echo "Installing $what (the first time only) ..."
mkdir -p "$folder/node"
rm -f "$folder"/.locked-*
"${PYTHON:-python3}" -m venv --clear "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps \
  -r "$locks/requirements.lock" || give_up "pip could not install them"
cp "$locks/package.json" "$locks/package-lock.json" "$folder/node/"
# No package runs anything of its own on this machine.
(cd "$folder/node" && npm ci --silent --ignore-scripts --no-audit --no-fund) || give_up "npm could not install them"
touch "$stamp"
