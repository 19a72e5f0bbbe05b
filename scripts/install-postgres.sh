#!/usr/bin/env bash
# Puts PostgreSQL's programs on the machine where they are missing; the tests start a server of their own from them.
# Where they cannot be installed, the tests skip that half aloud. In CI it is an error: a run that left out one database
# would prove nothing.
set -euo pipefail
what="PostgreSQL"
how="install its server, or name one in TEST_DATABASE_URL"
source "$(dirname "$0")/packages.sh"

present() {
  [ -n "${TEST_DATABASE_URL:-}" ] || command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
}

if present; then
  exit 0
fi
may_install
# Only the programs are wanted. Without this note the package would also make a cluster and start it on this machine.
note=/etc/postgresql-common/createcluster.d/award-tests.conf
"${as_root[@]}" mkdir -p "$(dirname "$note")"
echo "create_main_cluster = false" | "${as_root[@]}" tee "$note" >/dev/null
trap '"${as_root[@]}" rm -f "$note"' EXIT
install_package postgresql
