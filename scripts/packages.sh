# shellcheck shell=bash
# Installing what the tests need, for the scripts beside this one. They say `what` is missing and `how` to help oneself,
# and define `present`. A machine that cannot install packages is told so and goes on; in CI it is an error.

give_up() {
  echo "$what is missing and $1: $how." >&2
  if [ -n "${CI:-}" ]; then
    exit 1
  fi
  exit 0
}

# Never a prompt for a password in the middle of a test run.
may_install() {
  command -v apt-get >/dev/null || give_up "there is no apt-get here"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      give_up "this user may not install packages"
    fi
    as_root=(sudo -n)
  fi
  echo "Installing $what for the tests ..."
}

install_package() {
  if ! "${as_root[@]}" apt-get update -qq; then
    give_up "apt-get update failed"
  fi
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; then
    give_up "apt-get install failed"
  fi
  present || give_up "the package brought no program"
}
