"""The comparison of two contracts, by hand: it explains itself, says what it cannot read, and answers by its exit."""

import json
from pathlib import Path

import pytest

from scripts.contract_diff import main

ANSWER = {"200": {"description": "So it is"}}


def contract(folder: Path, name: str, *paths: str) -> str:
    """A small contract with these paths, written to a file."""
    path = folder / name
    path.write_text(json.dumps({"paths": {item: {"get": {"responses": ANSWER}} for item in paths}}), encoding="utf-8")
    return str(path)


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "OLD NEW" in capsys.readouterr().out


def test_what_breaks_is_printed_and_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = contract(tmp_path, "old.json", "/v1/rounds", "/v1/awards"), contract(tmp_path, "new.json", "/v1/rounds")
    assert main([old, old]) == 0
    assert main([old, new]) == 1
    assert capsys.readouterr().out == "nothing breaks\nGET /v1/awards: removed\n"


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), ("no JSON", "is no JSON"), ("[]", "is no OpenAPI document")]
)
def test_a_file_that_is_no_contract_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    wrong = tmp_path / "wrong.json"
    if content is not None:
        wrong.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main([str(wrong), contract(tmp_path, "new.json")])
    assert left.value.code == 2
    assert f"{wrong.name} {said}" in capsys.readouterr().err
