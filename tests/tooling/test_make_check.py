"""`make check` runs the tests of what is written down in two places, and each of them can fail."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
_SAMPLE = "integration/test_sample.py::test_it_is_loaded_into_no_other_database_unless_told_so"
# What would go unnoticed otherwise, and the test that notices it.
NOTICED = {
    "a reason told as any text": "contract/test_contract.py",
    "a stale contract": "contract/test_contract.py",
    "a row of docs/errors.md that is gone": "contract/test_error_codes.py",
    "a stale page": "contract/test_pages.py",
    "an unused reason": "tooling/test_reasons_given.py",
    "a reason without its sentence": "measures/test_reasons.py",
    "a pair of rule and reason that nobody has read": "tooling/test_reasons_given.py",
    "a code and a reason of two words": "contract/test_codes_and_reasons.py",
    "a form without words": "contract/test_expected_values.py",
    "an act that its file does not name": "contract/test_acts_found.py",
    "an act without its operation": "contract/test_acts_offered.py",
    "another next act": "measures/test_order.py",
    "a word that the database does not know": "tooling/test_enumerations.py",
    "a sample in a database of others": _SAMPLE,
    "a reader that writes": "api/test_reading_sessions.py",
}


def checked() -> list[str]:
    """The tests that `make check` names."""
    (listed,) = re.findall(r"^CHECKED := \$\(addprefix tests/,(.*)\)$", MAKEFILE, flags=re.MULTILINE)
    return str(listed).split()


@pytest.mark.parametrize("fault", NOTICED)
def test_what_a_script_cannot_see_is_tested(fault: str) -> None:
    assert NOTICED[fault] in checked()


def test_every_test_that_is_named_is_there_and_is_run() -> None:
    for name in checked():
        path, _, function = name.partition("::")
        assert f"def {function}" in (ROOT / "tests" / path).read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^check: .*\n((?:\t.*\n)+)", MAKEFILE, flags=re.MULTILINE)
    assert "-m pytest -q -n $(JOBS) -k 'not postgresql' $(CHECKED)" in recipe
