#!/usr/bin/env bash
# Puts the fonts of papers on the machine where they are missing: Noto CJK for Chinese, Hanazono for what is rare in
# names. Where they cannot be installed, papers are refused as PDF and say so. In CI it is an error.
set -euo pipefail
what="The fonts of papers"
how="install Noto Serif CJK, Noto Sans CJK and Hanazono, or name their folders in AWARD_FONTS"
source "$(dirname "$0")/packages.sh"

present() {
  compgen -G '/usr/share/fonts/*/noto*/NotoSerifCJK-Regular.ttc' >/dev/null &&
    compgen -G '/usr/share/fonts/*/hanazono/HanaMinB.ttf' >/dev/null
}

if present; then
  exit 0
fi
may_install
"${as_root[@]}" apt-get update -qq || give_up "apt-get update failed"
for package in fonts-noto-cjk fonts-hanazono; do
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" ||
    give_up "apt-get install failed"
done
present || give_up "the packages brought no font"
