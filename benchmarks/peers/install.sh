#!/bin/sh
# The environment of the peers that are not of the service's own: `sh benchmarks/peers/install.sh FOLDER`, with a FOLDER
# outside of the repository; then `python -m benchmarks writes --peers FOLDER`.
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
