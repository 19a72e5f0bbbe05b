#!/usr/bin/env bash
# Mutation test: changes one thing at a time in the law, or in a service, and asks whether a test notices.
#   scripts/mutate.sh                                  the law, against tests/measures: thousands of mutants
#   scripts/mutate.sh --only 'app.measures.seats*'     the modules or functions of this pattern; may be given several times
#   scripts/mutate.sh --only 'app.services.awards*'    a sample of a service's, against its API tests on SQLite
#   scripts/mutate.sh --sample N --seed S              so many of them (services: 40, the law: 0, which is all), chosen by S
#   scripts/mutate.sh --strict                         ends with an error if a mutant survives or no test runs it
# Works on a throw-away copy of the working tree, as decorators must go for it (see scripts/undecorate.py).
set -euo pipefail

# One block, read whole before it runs: an edit of this file meanwhile must not end a run of many minutes.
{
cd "$(dirname "$0")/.."
root=$PWD

# The API tests of a service: those whose name holds its subject, and these, whose name does not.
tests_of() {
  local more=()
  case $1 in
    applications) more=(qualification_correct art03_beginning art13_eligibility_checks art17_file art17_material) ;;
    available_acts) more=(refusals_by_state applications_actions) ;;
    awards) more=(revocation) ;;
    consultations) more=(art17_sheet art17_letters) ;;
    days) more=(applications_timeline qualification_extensions publicity) ;;
    lifecycle) more=(refusals_by_state approval) ;;
    notices) more=(awards publicity) ;;
    organisations) more=(art13_credit_codes art13_registrations art13_verified_anew) ;;
    qualification) more=(art13_flags art13_non_profit) ;;
    reviewers) more=(reviews_conflicts reviews_misconduct) ;;
    rounds) more=(applications_draft applications_timeline reviews_round no_fee) ;;
    supervision) more=(art31) ;;
    units) more=(recommendations) ;;
  esac
  local part
  for part in "${1%s}" "${more[@]}"; do
    # What kills a process of its own takes ten seconds, and a mutant is not set there.
    compgen -G "tests/api/test_*$part*.py" | grep -v _killed || true
  done | sort -u
}

only=() jobs=${JOBS:-2} strict= sample= seed=$RANDOM
while [ $# -gt 0 ]; do
  case $1 in
    --only) only+=("${2:?--only needs a pattern such as app.measures.seats*}"); shift 2 ;;
    --sample) sample=${2:?--sample needs a number}; shift 2 ;;
    --seed) seed=${2:?--seed needs a number}; shift 2 ;;
    --strict) strict=yes; shift ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift 2 ;;
    *) sed -n '2,8p' "$0" | cut -c 3- >&2; exit 2 ;;
  esac
done

# Mutants are made only of the modules that the patterns can mean.
files=() patterns=() tests=() floor=
for pattern in "${only[@]}"; do
  case $pattern in
    app.measures.?*) here=measures ;;
    app.services.?*) here=services ;;
    *) echo "A pattern begins with app.measures. or app.services., e.g. app.measures.seats*" >&2; exit 2 ;;
  esac
  if [ "${floor:=$here}" != "$here" ]; then
    echo "The law and the services are mutated in runs of their own." >&2
    exit 2
  fi
  # Without the function: mutated ones are named x_..., those of a class xǁ...
  module=${pattern#app."$floor".}
  module=${module%%.x[_ǁ]*}
  module=${module%\*}
  files+=("\"app/$floor/${module//./\/}*.py\"")
  patterns+=("${pattern%\*}*")
  if [ "$floor" = services ]; then
    mapfile -t -O "${#tests[@]}" tests < <(tests_of "${module%%.*}")
  fi
done
floor=${floor:-measures}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# What is in the working tree, committed or not; the law and its tests need nothing else of the project.
needed=(app/__init__.py app/measures tests/__init__.py tests/measures pyproject.toml)
needed+=(tests/support/__init__.py tests/support/fact_kinds.py tests/support/facts.py)
if [ "$floor" = services ]; then
  needed=(.)
fi
git ls-files -z --cached --others --exclude-standard -- "${needed[@]}" | while IFS= read -r -d '' file; do
  if [ -f "$file" ]; then
    install -D -m 644 "$file" "$copy/$file"
  fi
done
cd "$copy"
find "app/$floor" -name '*.py' -exec "$root/.venv/bin/python" "$root/scripts/undecorate.py" '{}' +

# These tests need no plugin of pytest, and each mutant would load and leave them all anew.
export PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
sed -i '/^pytest_alembic_tests_path/d' pyproject.toml

quoted() { printf '"%s",' "$@"; }
if [ ${#files[@]} -gt 0 ]; then
  list=$(IFS=,; echo "${files[*]}")
  sed -i "s|^only_mutate = .*|only_mutate = [$list]|" pyproject.toml
fi
if [ "$floor" = services ]; then
  if [ ${#tests[@]} -eq 0 ]; then
    echo "No file of tests/api is known to test ${only[*]}: see tests_of in scripts/mutate.sh" >&2
    exit 2
  fi
  sample=${sample:-40}
  # A stage that another test built is none that this test runs: a mutant in it would seem untested.
  export AWARD_TESTS_BUILD_STAGES=1
  sed -i \
    -e "s|^also_copy = .*|also_copy = [$(quoted app sandbox demo alembic alembic.ini docs openapi scripts)]|" \
    -e "s|^pytest_add_cli_args_test_selection = .*|pytest_add_cli_args_test_selection = [$(quoted "${tests[@]}")]|" \
    -e 's|^pytest_add_cli_args = \[|&"-k", "sqlite and not killed", |' pyproject.toml
fi

if [ "${sample:-0}" -gt 0 ]; then
  echo "A sample of $sample by the seed $seed (again: --sample $sample --seed $seed)" >&2
  mapfile -t patterns < <("$root/.venv/bin/python" "$root/scripts/sample_mutants.py" "$sample" "$seed" "${patterns[@]}")
  if [ ${#patterns[@]} -eq 0 ]; then
    echo "There is no mutant of ${only[*]:-app.measures}" >&2
    exit 2
  fi
fi

log=$copy/run.log
echo "Mutating ${only[*]:-app.measures} ${tests[*]:+against ${tests[*]}} ..." >&2
# The progress line is for a person at a terminal; in a log it would be megabytes.
if ! nice "$root/.venv/bin/mutmut" run --max-children "$jobs" "${patterns[@]}" > "$log" 2>&1; then
  tr '\r' '\n' < "$log" | tail -n 60 >&2
  exit 1
fi

"$root/.venv/bin/mutmut" results --all true > results
awk -F ': ' '
  { sub(/^ +/, "", $1); split($1, part, "."); state = $2 }
  state == "not checked" || $1 == "" { next }
  { module = part[3]; if (part[5] != "") module = module "." part[4]
    made[module]++; total++; count[module, state]++; sum[state]++ }
  END {
    width = 18
    for (module in made) { rows[++rowcount] = module; if (length(module) > width) width = length(module) }
    row = "%-" width "s %8s %8s %8s %8s %8s\n"
    printf row, "module", "mutants", "killed", "timeout", "survived", "untested"
    for (i = 1; i <= rowcount; i++) for (j = i + 1; j <= rowcount; j++)
      if (rows[j] < rows[i]) { swap = rows[i]; rows[i] = rows[j]; rows[j] = swap }
    for (i = 1; i <= rowcount; i++) { m = rows[i]
      printf row, m, made[m], count[m, "killed"] + 0, count[m, "timeout"] + 0, count[m, "survived"] + 0, count[m, "no tests"] + 0 }
    printf row, "all", total, sum["killed"] + 0, sum["timeout"] + 0, sum["survived"] + 0, sum["no tests"] + 0
  }' results

# Functions that no test runs, by name; what no test noticed, as differences.
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
