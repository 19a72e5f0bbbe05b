"""The rooms of the floors are compared, and the comparison can fail."""

import tomllib
from pathlib import Path

import pytest

from scripts.lint_rooms import OWN, SUBJECTS, faults

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Floors with a room for every subject: some files, some folders."""
    for floor, own in OWN.items():
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "__init__.py").touch()
        for number, name in enumerate([*SUBJECTS, *sorted(own)]):
            if number % 2:
                (tmp_path / floor / f"{name}.py").touch()
            else:
                (tmp_path / floor / name).mkdir()
                (tmp_path / floor / name / "__init__.py").touch()
    return tmp_path


def test_a_subject_has_its_room_on_every_floor(house: Path) -> None:
    assert list(faults(house)) == []


def test_a_missing_room_is_told(house: Path) -> None:
    (house / "store" / "organisations.py").unlink()
    assert list(faults(house)) == ["app/store: no room for organisations"]


def test_a_room_by_another_name_is_told(house: Path) -> None:
    (house / "services" / "money").mkdir()
    (house / "services" / "money" / "__init__.py").touch()
    assert list(faults(house)) == [
        "app/services/money: neither a subject of the measures nor a thing of this floor's own"
    ]


def test_a_name_that_nothing_bears_any_more_is_told(house: Path) -> None:
    (house / "routers" / "system.py").unlink(missing_ok=True)
    for left in (house / "routers" / "system").glob("*"):
        left.unlink()
    assert list(faults(house)) == ["app/routers: system is named in scripts/lint_rooms.py and is not there"]


def test_the_house_itself_has_them() -> None:
    assert list(faults(ROOT / "app")) == []


def test_services_import_in_the_same_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (order,) = [item for item in contracts if item.get("containers") == ["app.services"]]
    assert order["exhaustive"]
    assert [name for name in reversed(order["layers"]) if name in SUBJECTS] == list(SUBJECTS)
