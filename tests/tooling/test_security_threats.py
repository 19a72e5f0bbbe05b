"""`docs/security.md` cites files that there are, gives each table its class, and names commands and settings as they
are."""

import re
from collections import Counter
from pathlib import Path

import pytest

from app.cli import _parser
from app.kernel.settings import Settings
from app.store.first_schema import schema

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "security.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def test_every_file_that_is_cited_exists() -> None:
    cited = set(re.findall(r"`((?:app|tests|scripts|proxy|siege|openapi)/[\w./-]+|Dockerfile|compose\.yaml)`", TEXT))
    assert len(cited) > 60
    assert not sorted(path for path in cited if not (ROOT / path).is_file())


def test_every_link_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in TEXT.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, place = target.partition("#")
        assert (PAGE.parent / path).exists(), target
        assert path or place in headings, target


def test_every_table_has_one_class() -> None:
    rows = [line.split("|")[1] for line in section("Classes of data").splitlines() if line.startswith("| `")]
    named = Counter(name for cell in rows for name in re.findall(r"`(\w+)`", cell))
    assert set(named) == set(schema.tables)
    assert max(named.values()) == 1


@pytest.mark.parametrize("name", sorted(set(re.findall(r"AWARD_\w+", TEXT))))
def test_every_setting_exists(name: str) -> None:
    assert name.removeprefix("AWARD_").lower() in Settings.model_fields


@pytest.mark.parametrize(
    "command",
    sorted(
        set(re.findall(r"`((?:accounts )?(?:rotate|remove|new|verify|export|unlink)-?[a-z-]*)(?: --[^`]*)?`", TEXT))
    ),
)
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([*command.split(), "--help"])
    assert ended.value.code == 0
