#!/usr/bin/env bash
# Writes the two lock files from pyproject.toml: one resolution for every platform and Python from 3.11 on, with hashes.
# No address of a package index goes into them: where packages come from is the matter of the machine that installs.
set -euo pipefail
cd "$(dirname "$0")/.."

resolve() {
  uv pip compile pyproject.toml "$@" --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate
}

# The token library asks for them and does without: their arithmetic takes a time that tells the key. The product has
# neither, so that nothing of it can come to use them.
resolve --no-emit-package ecdsa --no-emit-package rsa --output-file requirements.lock
resolve --group dev --output-file requirements-dev.lock
