#!/bin/sh
# The environment of the peers that are not of the service's own: `sh benchmarks/peers/install.sh FOLDER`, with a FOLDER
# outside of the repository; then `python -m benchmarks served --peers FOLDER`. Without npm there is no Directus in it, and
# it is measured without.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case "$(cd "$(dirname "$1")" && pwd)/" in
"$(cd "$here/../.." && pwd)"/*)
	echo "take a folder outside of the repository" >&2
	exit 1
	;;
esac
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
if ! command -v npm >/dev/null; then
	echo "npm is missing: no Directus; install nodejs and npm to measure beside it" >&2
	exit 0
fi
mkdir -p "$1/directus"
cp "$here/directus/package.json" "$here/directus/package-lock.json" "$1/directus/"
# The version of node that it asks for comes along; no package runs anything of its own on this machine.
cd "$1/directus"
npm ci --silent --ignore-scripts --no-audit --no-fund
