"""Art. 17: what is built to cost or to run is refused as material with its reason, and what a virus scanner finds."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kernel import apart
from app.kernel.files import FileStore
from app.kernel.scanning import Scanner
from app.kernel.settings import Settings
from sandbox import bombs
from sandbox.stages.applications import PDF, register_applicant
from sandbox.stages.qualification import close_applications
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.scanner import EICAR, Scanned, scanner

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def posting(world: World) -> Callable[[bytes], Any]:
    """Uploads material to a draft."""
    _, applicant = register_applicant(world)
    application_id = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)["id"]
    path = f"/v1/applications/{application_id}/attachments"
    return lambda content: applicant.post(path, params={"material": "extra", "filename": "样例.pdf"}, content=content)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bombs.nested_elements, "file_too_costly"),
        (bombs.pdf_with_script, "file_unsafe"),
        (bombs.pdf_that_launches, "file_unsafe"),
        (bombs.pdf_with_script_of_a_field, "file_unsafe"),
        (bombs.pdf_with_own_forms, "file_unsafe"),
        *(
            (partial(bombs.pdf_that, action), "file_unsafe")
            for action in (b"SubmitForm", b"GoToR", b"GoToE", b"ImportData")
        ),
        (bombs.pdf_with_a_file, "file_unsafe"),
        (bombs.pdf_whose_kind_lies_apart, "file_unsafe"),
        (bombs.pdf_that_says_it_twice, "file_unsafe"),
        (bombs.document_of_a_strange_template, "file_unsafe"),
        (bombs.document_with_hidden_macros, "file_unsafe"),
        (bombs.pdf_with_a_pinned_file, "file_unsafe"),
        (lambda: bombs.ofd("../a"), "file_unsafe"),
        (lambda: bombs.ofd("a", linked=True), "file_unsafe"),
    ],
)
def test_art17_what_costs_or_runs_is_no_material(
    posting: Callable[[bytes], Any], make: Callable[[], bytes], code: str
) -> None:
    problem = refused(posting(make()), 422, code)
    assert [(item["article"], item["reason"]) for item in problem["violations"]] == [("17", code)]
    assert problem["violations"][0]["remedy_zh"]


def test_art17_a_pdf_that_leads_to_its_own_pages_is_taken(posting: Callable[[bytes], Any]) -> None:
    ok(posting(bombs.pdf_that(b"GoTo")), 201)


@pytest.mark.one_database
def test_art03_a_stamped_opinion_that_runs_something_is_refused_under_its_own_article(world: World) -> None:
    unit = world.by("unit-wenwuba")
    answer = unit.post("/v1/stamped-opinions", params={"filename": "意见.pdf"}, content=bombs.pdf_with_script())
    assert [item["article"] for item in refused(answer, 422, "file_unsafe")["violations"]] == ["3"]


@pytest.mark.one_database
def test_art17_a_sheet_of_four_hundred_thousand_styles_is_refused(world: World) -> None:
    round_id = open_round(world)
    department = world.by("department-market")
    close_applications(world, round_id)
    answer = department.post(
        f"/v1/rounds/{round_id}/consultation-sheet", content=bombs.many_styles(), headers={"Content-Type": XLSX}
    )
    assert [item["article"] for item in refused(answer, 422, "file_too_costly")["violations"]] == ["17"]


def test_where_no_process_can_be_had_files_are_refused_for_the_moment(
    posting: Callable[[bytes], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(apart._room, "connected", gone)
    answer = posting(PDF)
    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "10"


@pytest.fixture(params=["tcp", "unix"])
def scanned(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Scanned]:
    with scanner(str(tmp_path / "clamd") if request.param == "unix" else None) as made:
        yield made


def with_scanner(client: TestClient, settings: Settings, url: str, *, required: bool = True) -> None:
    chosen = settings.model_copy(update={"scanner_url": url, "scanner_required": required})
    files: FileStore = client.app.state.files  # type: ignore[attr-defined]
    files._scanner = Scanner.from_settings(chosen)


def test_art17_what_the_scanner_finds_is_refused_and_not_stored(
    client: TestClient, settings: Settings, posting: Callable[[bytes], Any], scanned: Scanned
) -> None:
    with_scanner(client, settings, scanned.url)
    infected = PDF + b"\n%" + EICAR
    problem = refused(posting(infected), 422, "file_infected")
    assert [item["article"] for item in problem["violations"]] == ["17"]
    assert EICAR.decode() not in str(problem)
    ok(posting(PDF), 201)
    assert scanned.files == [infected, PDF]
    # Taken for too large by the scanner, it was not looked at.
    scanned.answers.append(b"INSTREAM size limit exceeded. ERROR")
    refused(posting(PDF), 422, "file_too_costly")


def test_art17_without_an_answer_of_the_scanner_no_file_is_taken_unless_the_settings_say_so(
    client: TestClient, settings: Settings, posting: Callable[[bytes], Any]
) -> None:
    with scanner() as gone:
        pass
    with_scanner(client, settings, gone.url)
    answer = posting(PDF)
    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "10"
    with_scanner(client, settings, gone.url, required=False)
    ok(posting(PDF), 201)


def test_a_scanner_that_says_something_else_has_not_answered(
    client: TestClient, settings: Settings, posting: Callable[[bytes], Any]
) -> None:
    with scanner() as scanned:
        with_scanner(client, settings, scanned.url)
        scanned.answers += [b"stream: lstat() failed ERROR", b"", b"OK"]
        for _ in range(3):
            refused(posting(PDF), 503, "unavailable")
        ok(posting(PDF), 201)


@pytest.mark.parametrize("url", ["clamd:3310", "tcp://host", "unix:", "http://host:3310"])
def test_the_scanners_address_is_one_of_two_kinds(settings: Settings, url: str) -> None:
    with pytest.raises(ValueError, match="AWARD_SCANNER_URL"):
        Scanner.from_settings(settings.model_copy(update={"scanner_url": url}))
