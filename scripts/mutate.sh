#!/usr/bin/env bash
# Mutation test of the law: changes one thing at a time in app/measures and asks whether a test in tests/measures notices.
#   scripts/mutate.sh                              all of it: some thousand mutants, a quarter of an hour and more
#   scripts/mutate.sh --only 'app.measures.seats*' the modules or functions of this pattern; may be given several times
#   scripts/mutate.sh --strict                     ends with an error if a mutant survives or no test runs it
# Works on a throw-away copy of the working tree, as decorators must go for it (see scripts/undecorate.py).
set -euo pipefail

# One block, read whole before it runs: an edit of this file meanwhile must not end a run of many minutes.
{
cd "$(dirname "$0")/.."
root=$PWD

only=() jobs=${JOBS:-2} strict=
while [ $# -gt 0 ]; do
  case $1 in
    --only) only+=("${2:?--only needs a pattern such as app.measures.seats*}"); shift 2 ;;
    --strict) strict=yes; shift ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift 2 ;;
    *) sed -n '2,5p' "$0" | cut -c 3- >&2; exit 2 ;;
  esac
done

# Mutants are made only of the modules that the patterns can mean.
files=() patterns=()
for pattern in "${only[@]}"; do
  case $pattern in
    app.measures.?*) ;;
    *) echo "A pattern begins with app.measures., e.g. app.measures.seats*" >&2; exit 2 ;;
  esac
  module=${pattern#app.measures.}
  module=${module%%.*}
  files+=("\"app/measures/${module%\*}*.py\"")
  patterns+=("${pattern%\*}*")
done

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# What is in the working tree, committed or not; the law and its tests need nothing else of the project.
git ls-files -z --cached --others --exclude-standard -- app/__init__.py app/measures tests/__init__.py tests/measures \
  pyproject.toml | while IFS= read -r -d '' file; do
  if [ -e "$file" ]; then
    install -D -m 644 "$file" "$copy/$file"
  fi
done
cd "$copy"
"$root/.venv/bin/python" "$root/scripts/undecorate.py" app/measures/*.py

# The law's tests need no plugin of pytest, and each mutant would load and leave them all anew.
export PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
sed -i '/^pytest_alembic_tests_path/d' pyproject.toml

if [ ${#files[@]} -gt 0 ]; then
  list=$(IFS=,; echo "${files[*]}")
  sed -i "s|^only_mutate = .*|only_mutate = [$list]|" pyproject.toml
fi

log=$copy/run.log
echo "Mutating ${only[*]:-app.measures} ..." >&2
# The progress line is for a person at a terminal; in a log it would be megabytes.
if ! "$root/.venv/bin/mutmut" run --max-children "$jobs" "${patterns[@]}" > "$log" 2>&1; then
  tr '\r' '\n' < "$log" | tail -n 60 >&2
  exit 1
fi

"$root/.venv/bin/mutmut" results --all true > results
awk -F ': ' '
  { sub(/^ +/, "", $1); split($1, part, "."); module = part[3]; state = $2 }
  state == "not checked" || $1 == "" { next }
  { made[module]++; total++; count[module, state]++; sum[state]++ }
  END {
    printf "%-18s %8s %8s %8s %8s %8s\n", "module", "mutants", "killed", "timeout", "survived", "untested"
    for (module in made) rows[++rowcount] = module
    for (i = 1; i <= rowcount; i++) for (j = i + 1; j <= rowcount; j++)
      if (rows[j] < rows[i]) { swap = rows[i]; rows[i] = rows[j]; rows[j] = swap }
    for (i = 1; i <= rowcount; i++) { m = rows[i]
      printf "%-18s %8d %8d %8d %8d %8d\n", m, made[m], count[m, "killed"], count[m, "timeout"], count[m, "survived"], count[m, "no tests"] }
    printf "%-18s %8d %8d %8d %8d %8d\n", "all", total, sum["killed"], sum["timeout"], sum["survived"], sum["no tests"]
  }' results

# Functions that no test of the law runs, by name; what no test noticed, as differences.
sed -n -E 's/^ *(app\.[^:]+)__mutmut_[0-9]+: no tests$/no test runs \1/p' results | uniq
sed -n -E 's/^ *(app\.[^:]+): (survived|suspicious|segfault)$/\1/p' results |
  xargs -r -P "$jobs" -I '{}' sh -c '"$0" show "$1" > "shown-$1"' "$root/.venv/bin/mutmut" '{}'
for shown in shown-*; do
  if [ -e "$shown" ]; then
    echo
    cat "$shown"
  fi
done

if [ -n "$strict" ] && grep -qE ': (survived|no tests|suspicious|segfault)$' results; then
  echo "A mutant survived, or no test runs it." >&2
  exit 1
fi
exit
}
