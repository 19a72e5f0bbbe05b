"""Each rule of the house finds what it is for, leaves alone what it is not for, and can be excepted in the line."""

from pathlib import Path

import pytest

from scripts.lint_house import FOLDERS, MAX_ANY_LINES, RULES, any_lines, check, main

FOUND = {
    "state": [
        ("app/services/rounds/call.py", "entity.state = 'called'\n"),
        ("app/services/rounds/call.py", "row.round.state: str = 'called'\n"),
        ("app/services/rounds/call.py", "setattr(entity, 'state', 'called')\n"),
        ("app/store/rounds.py", "update(Round).where(Round.id == 1).values(state='called')\n"),
        ("app/store/rounds.py", "update(Round).values(state=chosen)\n"),
        ("app/services/rounds/a.py", "store.Candidate(round_id=1, state='listed')\n"),
        ("app/services/rounds/a.py", "Renewal(state='accepted' if accepted else 'refused')\n"),
        ("app/services/rounds/a.py", "entity.state = 'called'  # house: state\n"),
    ],
    "clock": [
        ("app/services/a.py", "datetime.now(UTC)\n"),
        ("app/services/a.py", "field(default_factory=datetime.datetime.utcnow)\n"),
        ("app/routers/a.py", "date.today()\n"),
        ("app/store/a.py", "import time\ntime.time()\n"),
        ("app/store/a.py", "from time import time\n"),
    ],
    "jwt": [
        ("app/security/principal.py", "from jose import jwt\n"),
        ("app/main.py", "import jose.jwt\n"),
    ],
    "sql": [
        ("app/services/a.py", "from sqlalchemy import select\n"),
        ("app/routers/a.py", "import sqlalchemy as sa\n"),
        ("app/kernel/audit.py", "from sqlalchemy.sql import text\n"),
    ],
    "http": [
        ("app/services/a.py", "from fastapi import HTTPException\n"),
        ("app/store/a.py", "import starlette.requests\n"),
        ("app/measures/a.py", "import fastapi\n"),
    ],
    "law": [
        ("app/measures/a.py", "import pydantic\n"),
        ("app/measures/a.py", "from app.clock import Clock\n"),
        ("app/measures/a.py", "from app import settings\n"),
        ("app/measures/a.py", "from ..clock import Clock\n"),
    ],
    "apart": [
        ("app/services/rounds/call.py", "from sandbox.clock import MovableClock\n"),
        ("app/commands/start.py", "def load():\n    from demo import sample\n"),
        ("app/cli.py", "import benchmarks.report\n"),
        ("app/main.py", "from tests.support.databases import SqliteTemplate\n"),
        ("sandbox/world.py", "from tests.support import queries\n"),
        ("sandbox/stages/rounds.py", "import demo.history\n"),
        ("demo/sample.py", "import tests\n"),
        ("benchmarks/population.py", "from tests.support.databases import SqliteTemplate\n"),
        ("benchmarks/population.py", "from demo.sample import load\n"),
    ],
    "length": [
        ("app/services/a.py", "x = 1\n" * 450),
        ("tests/api/test_a.py", "x = 1\n" * 450),
        ("sandbox/stages/decision.py", "x = 1\n" * 450),
        ("app/services/a.py", "async def act():\n" + "    x = 1\n" * 69),
    ],
    "unfinished": [
        ("app/services/a.py", "# TODO: later\n"),
        ("app/services/a.py", "raise NotImplementedError\n"),
    ],
    "commit": [
        ("app/services/a.py", "await context.session.commit()\n"),
        ("app/routers/a.py", "session.commit()\n"),
    ],
    "codes": [
        ("app/services/a.py", "raise Conflict(text, code='taken')\n"),
        ("app/services/a.py", "raise errors.Conflict(text, code=f'{word}_taken')\n"),
        ("app/services/a.py", "FieldError('/day', 'future', text)\n"),
        ("app/services/a.py", "FieldError('/day', FieldCode.REQUIRED if day is None else 'future', text)\n"),
        ("app/kernel/files.py", "class FileEmpty(Invalid):\n    code = 'file_empty'\n"),
    ],
    "canonical": [
        ("app/kernel/paging.py", "json.dumps(filters, sort_keys=True, default=str)\n"),
        ("app/measures/review_rules.py", "text = dumps(rules, sort_keys=True)\n"),
    ],
    "sentences": [
        ("app/measures/hearing.py", 'fails("art16.call", "申报尚未截止", "Applications are open")\n'),
        ("app/measures/hearing.py", 'f"申报期限至{deadline}"\n'),
        ("app/measures/hearing.py", 'def known():\n    """Who."""\n    return "，"\n'),
    ],
    "anything": [
        ("app/services/a.py", "def act(row: Any) -> None: ...\n"),
        ("app/services/a.py", "# Any: for this one.\nrow: Any = 1\nline: Any = 2\n"),
        ("app/services/a.py", "# Any number of rows.\nrows: list[Any] = []\n"),
        ("app/services/a.py", "row: Any = 1  # Any:\n"),
    ],
}

LEFT_ALONE = [
    ("app/services/a.py", "store.Candidate(state=create(CANDIDATE))\nstore.page(state='listed')\n"),
    ("app/store/rounds.py", "update(Round).where(Round.id == 1).values(state=state)\n"),
    ("app/services/lifecycle.py", "entity.state = transition.next_state(entity.state)\n"),
    ("app/main.py", "app.state.settings = chosen\n"),
    ("app/services/a.py", "if entity.state == 'called': pass\nRound(state=create(ROUND))\n"),
    ("app/store/a.py", "insert(Round).values(state='draft')\nupdate(Round).values(title='x')\n"),
    ("app/kernel/clock.py", "datetime.now(UTC)\n"),
    ("app/services/a.py", "clock.now()\nnow = context.now\ntime.perf_counter()\ntime.monotonic()\n"),
    ("app/kernel/security/tokens.py", "from jose import jwt\n"),
    ("app/store/a.py", "from sqlalchemy import select\n"),
    ("app/web/problems.py", "from sqlalchemy.exc import IntegrityError\nfrom fastapi import Request\n"),
    ("app/measures/a.py", "from __future__ import annotations\nimport json\nfrom app.measures.findings import Text\n"),
    ("sandbox/world.py", "from app.measures.roles import Role\nfrom sandbox.clock import MovableClock\n"),
    ("demo/sample.py", "from demo.history import EXTENSION\nfrom sandbox.world import World\n"),
    ("benchmarks/databases.py", "from benchmarks import cases\nfrom sandbox import postgres\n"),
    ("tests/integration/test_sample.py", "from demo import sample\nfrom sandbox.world import World\nimport tests\n"),
    ("app/services/a.py", "x = 1\n" * 449),
    ("app/services/a.py", "def act():\n" + "    x = 1\n" * 68),
    ("app/web/policy.py", "await session.commit()\n"),
    ("tests/api/test_a.py", "entity.state = 'called'\n# TODO\ndatetime.now()\nfrom jose import jwt\n"),
    ("tests/api/test_a.py", "def test_story():\n" + "    x = 1\n" * 100),
    ("app/services/a.py", "raise Conflict(text, code=ProblemCode.NAME_TAKEN)\nsector_known(code=item.sector)\n"),
    ("app/services/a.py", "FieldError('/day', FieldCode.DATE_IN_FUTURE, text)\n"),
    ("app/kernel/files.py", "class FileEmpty(Invalid):\n    code = ProblemCode.FILE_EMPTY\n    name = 'x'\n"),
    ("app/__init__.py", ""),
    (
        "app/measures/hearing.py",
        '"""申报."""\n\n\ndef known():\n    """复评."""\n    return Reason.PERIOD_OVER\n',
    ),
    ("app/measures/state_machines/rounds.py", '{"draft": "筹备"}\n'),
    ("app/services/a.py", '"公告已发布"\n'),
    (
        "app/services/a.py",
        '"""Any number of rows."""\n\nfrom typing import (\n    Any,\n    Never,\n)\n\n# Any number.\n',
    ),
    ("app/services/a.py", "# Any: the library's own type.\nrow: Any = 1\nline: Any = 2  # Any: as before.\n"),
    ("app/services/a.py", "Anything = object\n"),
    ("tests/api/test_a.py", "row: Any = 1\n"),
]


@pytest.mark.parametrize(
    ("rule", "path", "text"), [(rule, path, text) for rule, cases in FOUND.items() for path, text in cases]
)
def test_a_breach_is_found(rule: str, path: str, text: str) -> None:
    assert rule in {fault.rule for fault in check(path, text)}


@pytest.mark.parametrize(("path", "text"), LEFT_ALONE)
def test_what_the_house_permits_is_left_alone(path: str, text: str) -> None:
    assert check(path, text) == []


def test_every_rule_has_its_cases() -> None:
    assert {rule.__name__ for rule in RULES} == set(FOUND)


def test_an_exception_stands_in_its_line_and_names_its_rule() -> None:
    path = "app/services/a.py"
    assert check(path, "datetime.now(UTC)  # house: clock\n") == []
    assert len(check(path, "datetime.now(UTC)  # house: state\n")) == 1
    assert len(check(path, "# house: clock\ndatetime.now(UTC)\n")) == 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_command_looks_into_every_folder(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / folder / "stages").mkdir(parents=True)
    (tmp_path / folder / "stages" / "long.py").write_text("x = 1\n" * 450)
    assert main(tmp_path) == 1
    assert f"{folder}/stages/long.py:1: length: " in capsys.readouterr().out


def test_lines_with_the_word_any_are_counted_and_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reasoned = "row: Any = 1  # Any: the library's own type.\n"
    assert any_lines([reasoned * 2, "Anything = 1\n"]) == 2
    for name in ("app/a.py", "tests/test_a.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(reasoned * MAX_ANY_LINES)
    assert main(tmp_path) == 0
    (tmp_path / "app/b.py").write_text(reasoned)
    assert main(tmp_path) == 1
    assert f"{MAX_ANY_LINES + 1} lines hold the word" in capsys.readouterr().out


def test_the_bound_is_what_is_reached() -> None:
    root = Path(__file__).parents[2]
    texts = (path.read_text(encoding="utf-8") for path in (root / "app").rglob("*.py"))
    assert any_lines(texts) <= MAX_ANY_LINES


def test_the_command_counts_and_names_the_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {"app/services/a.py": "session.commit()\n", "tests/test_a.py": "x = 1\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert main(tmp_path) == 1
    assert "app/services/a.py:1: commit: " in capsys.readouterr().out
