#!/usr/bin/env bash
# Puts PostgreSQL's programs on the machine where they are missing; the tests start a server of their own from them.
# A machine that cannot install packages is told so and goes on: the tests then skip that half aloud. In CI it is an
# error: a run that left out one database would prove nothing.
set -euo pipefail

present() {
  [ -n "${TEST_DATABASE_URL:-}" ] || command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
}

give_up() {
  echo "PostgreSQL is missing and $1: install its server, or name one in TEST_DATABASE_URL." >&2
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

echo "Installing PostgreSQL for the tests ..."
# Only the programs are wanted. Without this note the package would also make a cluster and start it on this machine.
note=/etc/postgresql-common/createcluster.d/award-tests.conf
"${as_root[@]}" mkdir -p "$(dirname "$note")"
echo "create_main_cluster = false" | "${as_root[@]}" tee "$note" >/dev/null
trap '"${as_root[@]}" rm -f "$note"' EXIT

if ! "${as_root[@]}" apt-get update -qq; then
  give_up "apt-get update failed"
fi
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; then
  give_up "apt-get install failed"
fi
present || give_up "the package brought no server"
