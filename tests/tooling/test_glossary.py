"""What the glossary says is in the API and in code, is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def absent(glossary: str, text: str) -> list[str]:
    """The code words of the third column that the text, contract and code together, does not have."""
    plain = re.sub(r"\{\w+\}", "{}", text)
    found = []
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4:
            for word in re.findall(r"`([^`]+)`", cells[2]):
                wanted = re.sub(r"\{\w+\}", "{}", word.removeprefix("POST ").lstrip("…"))
                before = "" if wanted.startswith("/") else "(?<![a-z_-])"
                if not re.search(rf"{before}{re.escape(wanted)}(?![a-z_-])", plain):
                    found.append(word)
    return found


@pytest.fixture(scope="module")
def text() -> str:
    sources = [ROOT / "openapi" / "openapi.json", *sorted((ROOT / "app").rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def test_every_word_of_the_glossary_is_in_the_api_or_in_code(text: str) -> None:
    assert absent((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), text) == []


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_who_reads_the_front_pages_finds_the_glossary(page: str) -> None:
    assert re.search(r"\]\((docs/)?glossary\.md\)", (ROOT / page).read_text(encoding="utf-8"))


def test_a_word_that_is_nowhere_is_found() -> None:
    row = "| 申报 | application | `applications`, `/rounds/{id}/call`, `…/draft`, `POST /rounds/{id}/end` | `form` |\n"
    assert absent(row, "/v1/applications /v1/rounds/{round_id}/call /x/draft") == ["POST /rounds/{id}/end"]
    assert absent(row, "application /rounds/{id}/calls a/draft /rounds/{id}/end") == [
        "applications",
        "/rounds/{id}/call",
    ]
