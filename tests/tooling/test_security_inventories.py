"""`docs/security-inventories.md` against the tree: what is listed is there, and what is there is listed."""

import re
from pathlib import Path
from typing import Any

import yaml

from app.kernel import apart, packages, pdf, pictures
from app.kernel.file_types import EXTENSIONS
from app.kernel.security import outside_provider
from app.kernel.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "security-inventories.md").read_text(encoding="utf-8")
# What is imported where cryptography is done.
_CRYPTOGRAPHY = re.compile(r"^\s*(?:from|import) (jose|cryptography|pwdlib|hmac|pyotp|altcha|standardwebhooks)\b", re.M)


def rows(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_module_that_does_cryptography_is_in_the_inventory() -> None:
    listed = {path for row in rows("Cryptography") for path in re.findall(r"`(app/[^`]+)`", row[3])}
    assert all((ROOT / path).is_file() for path in listed)
    using = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if _CRYPTOGRAPHY.search(path.read_text(encoding="utf-8"))
    }
    assert using and using <= listed, using - listed
    # How long each key serves is said.
    assert all(row[4] for row in rows("Cryptography"))
    provider = next(row for row in rows("Cryptography") if "outside provider" in row[0])
    assert set(re.findall(r"[RE]S\d+", provider[1])) == set(outside_provider._KINDS)


def test_the_files_are_those_that_are_taken_with_their_bounds() -> None:
    told = {row[0].strip("`"): tuple(row[1].split(", ")) for row in rows("Files that are taken")}
    assert told == EXTENSIONS
    section = PAGE.split("\n## Files that are taken\n")[1].split("\n## ")[0]
    for number in (
        pdf._MAX_PAGES,
        pdf._MAX_OBJECTS,
        pictures.MAX_PIXELS,
        pictures.MAX_PIXELS_OF_A_CAMERA,
        pictures.MAX_SHEETS,
        packages.MAX_MEMBERS,
        packages.MAX_ELEMENTS,
    ):
        assert f"{number:,}" in section, number
    for size in (packages.MAX_UNPACKED, apart.MEMORY, Settings.model_fields["max_file_bytes"].default):
        assert f"{size >> 20} MiB" in section, size


def test_the_connections_are_those_of_the_compose_file() -> None:
    compose: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    connections = rows("Who talks to whom")
    named = {name for row in connections for cell in row[:2] for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(compose["services"])
    networks = {name for row in connections for name in re.findall(r"`(\w+)`", row[4])}
    assert networks == set(compose["networks"])
    settings = {name for row in connections for name in re.findall(r"`AWARD_(\w+)`", row[3])}
    assert {name.lower() for name in settings} - {"host", "upstream"} <= set(Settings.model_fields)
    of_logs = {name for row in rows("Logs") for name in re.findall(r"`(\w+)`", row[2])}
    assert of_logs - {"audit_entries"} == set(compose["services"]) - {"migrate"}


def test_every_class_of_data_has_its_level_and_every_weakness_its_time() -> None:
    assert [row[0][0] for row in rows("Levels of protection")] == list("PICNSK")
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\*\*([PICNSK])\*\* ", page)) == set("PICNSK")
    assert [int(row[1].split()[0]) for row in rows("Times within which libraries are mended")] == [3, 14, 60, 180]
    assert "pip-audit==" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_products_lock_has_no_tools_that_nothing_uses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"^(watchfiles|websockets|pyyaml)==", lock, re.M)
    assert re.search(r"^uvloop==", lock, re.M) and re.search(r"^httptools==", lock, re.M)
