"""The rooms of the floors are compared, and the comparison can fail."""

import tomllib
from pathlib import Path

import pytest

from scripts.lint_rooms import (
    FOUNDATION,
    MATTERS,
    OWN,
    READS,
    SUBJECTS,
    TESTS,
    act_faults,
    api_test_faults,
    faults,
    law_faults,
    maker_faults,
    model_faults,
    read_faults,
)

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


def test_a_read_that_is_not_listed_is_told(tmp_path: Path) -> None:
    for name in READS:
        (tmp_path / f"{name}.py").touch()
    assert list(read_faults(tmp_path)) == []
    (tmp_path / "wire.py").rename(tmp_path / "more.py")
    assert list(read_faults(tmp_path)) == [
        "app/reads/more: not among those that scripts/lint_rooms.py lists with their subject",
        "app/reads: wire is named in scripts/lint_rooms.py and is not there",
    ]


def test_the_house_itself_has_them() -> None:
    assert list(read_faults(ROOT / "app" / "reads")) == []
    assert list(faults(ROOT / "app")) == []
    assert list(law_faults(ROOT / "app" / "measures")) == []
    assert list(api_test_faults(ROOT / "tests" / "api")) == []
    assert list(model_faults(ROOT / "app" / "store")) == []
    assert list(act_faults(ROOT / "app")) == []


@pytest.mark.parametrize("router", ["objections.py", "objections/letters.py"])
def test_an_operation_whose_service_stands_in_another_room_is_told(house: Path, router: str) -> None:
    route = house / "routers" / router
    route.parent.mkdir(exist_ok=True)
    route.write_text('@router.post("/x")\nasync def close(): ...\n\n\n@router.get("/x")\nasync def show(): ...\n')
    for room, names in {"objections": ("close",), "awards": ("show",)}.items():
        (house / "services" / room).mkdir(exist_ok=True)
        for name in names:
            (house / "services" / room / f"{name}.py").touch()
    assert list(act_faults(house)) == []
    (house / "services" / "objections" / "close.py").rename(house / "services" / "awards" / "close.py")
    assert list(act_faults(house)) == ["app/routers/objections: close is of awards, where its service stands"]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("awards.py", False),
        ("awards/certificates.py", False),
        ("publicity.py", True),
        ("publicity/awards.py", True),
        ("numbers.py", True),
    ],
)
def test_a_model_in_the_file_of_another_aggregate_is_told(tmp_path: Path, file: str, told: bool) -> None:
    (tmp_path / "first_schema").mkdir()
    (tmp_path / "first_schema" / "awards.py").write_text('awards = Table("awards", schema)\n', encoding="utf-8")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text('class Award(Base):\n    __tablename__ = "awards"\n', encoding="utf-8")
    room = file.partition("/")[0].removesuffix(".py")
    expected = [f"app/store/{room}: Award is of awards, where its table awards is made"]
    assert list(model_faults(tmp_path)) == (expected if told else [])


def test_what_serves_no_subject_is_the_stores_own(tmp_path: Path) -> None:
    (tmp_path / "first_schema").mkdir()
    (tmp_path / "first_schema" / "service.py").write_text('Table("feed_heads", schema)\n', encoding="utf-8")
    for file in ("feeds.py", "awards.py"):
        (tmp_path / file).write_text('class FeedHead(Base):\n    __tablename__ = "feed_heads"\n', encoding="utf-8")
    assert list(model_faults(tmp_path)) == [
        "app/store/awards: FeedHead is of service, where its table feed_heads is made"
    ]


@pytest.mark.parametrize(
    ("makers", "told"),
    [
        (["supervision"], True),
        (["awards"], False),
        (["awards", "supervision"], False),
        # No room's own: two others make it.
        (["approval", "supervision"], False),
    ],
)
@pytest.mark.parametrize("written", ["Plaque(state=1)", "store.Plaque(state=1)"])
def test_a_model_that_another_room_alone_makes_is_told(
    tmp_path: Path, makers: list[str], written: str, told: bool
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "awards.py").write_text('class Plaque:\n    __tablename__ = "plaques"\n', encoding="utf-8")
    for room in makers:
        (tmp_path / "services" / room).mkdir(parents=True)
        (tmp_path / "services" / room / "order_plaque.py").write_text(f"row = {written}\n", encoding="utf-8")
    found = [fault for fault in maker_faults(tmp_path) if "Plaque" in fault]
    assert found == (["app/store/awards: Plaque is made in supervision alone, and belongs there"] if told else [])


def test_a_model_that_is_no_longer_made_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "awards.py").write_text('class Award:\n    __tablename__ = "awards"\n', encoding="utf-8")
    (tmp_path / "services" / "awards").mkdir(parents=True)
    (tmp_path / "services" / "awards" / "confer.py").write_text("row = Award()\n", encoding="utf-8")
    assert "Award is named in scripts/lint_rooms.py as made elsewhere, and is not" in [*maker_faults(tmp_path)]


@pytest.fixture
def measures(tmp_path: Path) -> Path:
    """The law: a module for each listed name and for some rooms, and a machine for some rooms."""
    (tmp_path / "state_machines").mkdir()
    for folder, names in (
        (tmp_path, {*FOUNDATION, *MATTERS, "approval", "disbursements"} - {"state_machines"}),
        (tmp_path / "state_machines", {"__init__", "machine", "awards"}),
    ):
        for name in names:
            (folder / f"{name}.py").touch()
    return tmp_path


def test_the_law_is_found_by_room_or_by_matter(measures: Path) -> None:
    assert list(law_faults(measures)) == []


@pytest.mark.parametrize("name", ["hearing", "procedure", "payment"])
def test_a_module_of_the_law_by_another_name_is_told(measures: Path, name: str) -> None:
    (measures / f"{name}.py").touch()
    assert list(law_faults(measures)) == [
        f"app/measures/{name}: neither a room nor a matter that scripts/lint_rooms.py lists with its reason"
    ]


def test_a_matter_that_is_no_module_any_more_is_told(measures: Path) -> None:
    (measures / "seats.py").unlink()
    assert list(law_faults(measures)) == ["app/measures: seats is named in scripts/lint_rooms.py and is not there"]


def test_what_decides_a_rule_is_no_foundation(measures: Path) -> None:
    (measures / "dates.py").write_text('@rule("art16.call")\ndef closed() -> None: ...\n', encoding="utf-8")
    assert list(law_faults(measures)) == [
        "app/measures/dates: it decides a rule, and is listed as the law's foundation"
    ]
    (measures / "dates.py").write_text("@cache\n@pure()\ndef closed() -> None: ...\n", encoding="utf-8")
    assert list(law_faults(measures)) == []


def test_a_state_machine_outside_the_rooms_is_told(measures: Path) -> None:
    (measures / "state_machines" / "records.py").touch()
    assert list(law_faults(measures)) == [
        "app/measures/state_machines/records: an object with a state belongs to a room"
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [("awards", False), ("awards_late", False), ("art21_letters", False), ("awarding", True), ("parties", True)],
)
def test_a_test_of_the_api_begins_with_a_room_or_an_article(tmp_path: Path, name: str, told: bool) -> None:
    for known in TESTS:
        (tmp_path / f"test_{known}.py").touch()
    (tmp_path / f"test_{name}.py").touch()
    expected = [f"tests/api/test_{name}.py: begins with neither a room nor an article"]
    assert list(api_test_faults(tmp_path)) == (expected if told else [])


def test_a_listed_test_that_is_not_there_is_told(tmp_path: Path) -> None:
    for known in TESTS - {"cli"}:
        (tmp_path / f"test_{known}.py").touch()
    assert list(api_test_faults(tmp_path)) == [
        "tests/api: test_cli.py is named in scripts/lint_rooms.py and is not there"
    ]


def test_services_import_in_the_same_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (order,) = [item for item in contracts if item.get("containers") == ["app.services"]]
    assert order["exhaustive"]
    assert [name for name in reversed(order["layers"]) if name in SUBJECTS] == list(SUBJECTS)
