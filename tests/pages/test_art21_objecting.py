"""An objection from the form to its answer (Art. 21): the same rules as the API's, nothing lost, nothing told."""

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.stages.applications import PDF
from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.world import World, ok
from tests.api.test_art21_public_posts import coming_from, limited, solved
from tests.api.test_objections_secrecy import rows
from tests.support.pages import READ_BY_PEOPLE, Page, opened, page_of, sent

NAME, CONTACT = "样例异议人乙", "0797-5622222"
FACTS = "样例：第一行\n第二行 <b>&amp;"


@pytest.fixture
def path(world: World) -> str:
    """The form to object to the one candidate."""
    made = in_publicity(world, Contender())
    return f"/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objection"


def objected(world: World, path: str, **changes: str) -> Page:
    typed = {"name": NAME, "contact": CONTACT, "facts": FACTS} | changes
    return sent(world, path, 201, opened(world, path), **typed)


def kept(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ok(world.office.get("/v1/objections"))["items"]
    return items


def followed(world: World, code: str, status: int = 200, prefix: str = "") -> Page:
    return sent(world, f"{prefix}/follow", status, opened(world, f"{prefix}/follow"), code=code)


def test_it_is_taken_as_the_api_takes_it(world: World, path: str) -> None:
    page = objected(world, path)
    assert "正式异议" in page.text and page.headers["cache-control"] == "no-store"
    (row,) = kept(world)
    assert (row["classification"], row["state"]) == ("formal", "received")
    status = ok(world.public.get(f"/v1/objection-status/{page.code()}"))
    assert status["state"] == "received"
    # In no address: the page has the code in its text and in the form for evidence alone.
    assert not any(page.code() in str(link.get("href")) for link in page.all("a"))


def test_a_form_that_is_sent_twice_is_one_objection_with_one_code(world: World, path: str) -> None:
    form = opened(world, path)
    typed = {"name": NAME, "contact": CONTACT, "facts": FACTS}
    codes = {sent(world, path, 201, form, **typed).code() for _ in range(3)}
    assert len(codes) == 1 and len(kept(world)) == 1
    # Sent again with other words it is another objection, and said so.
    again = sent(world, path, 409, form, **(typed | {"facts": "样例：另一件事"}))
    assert again.fields["facts"] == "样例：另一件事" and len(kept(world)) == 1
    assert sent(world, path, 201, again).code() not in codes and len(kept(world)) == 2


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(world: World, path: str) -> None:
    page = sent(world, path, 422, opened(world, path), name="长" * 201, facts=FACTS, contact=CONTACT)
    assert list(page.faults()) == ["name"] and "200" in page.faults()["name"]
    assert (page.fields["facts"], page.fields["contact"]) == (FACTS, CONTACT) and "<b>" not in page.source.lower()
    assert 'href="#f-name"' in page.source and 'aria-invalid="true"' in page.source and page.text.startswith(" 有误")
    assert sent(world, path, 201, page, name=NAME).code()
    nothing = sent(world, f"/en{path}", 422, opened(world, f"/en{path}"))
    assert nothing.faults() == {"facts": "Say what you object to"}


def test_without_a_name_or_late_it_is_informal(world: World, path: str) -> None:
    assert "没有真实姓名" in objected(world, path, name="").text
    world.clock.go("2024-08-01")
    assert "公示期已过" in opened(world, path).text
    page = objected(world, path)
    assert "线索" in page.text and "公示期已过" in page.text


def test_it_is_followed_by_its_code_and_by_no_other(world: World, path: str) -> None:
    page = objected(world, path)
    assert "已受理" in followed(world, page.code()).text
    told = followed(world, page.code(), prefix="/en")
    assert "Received" in told.text and told.headers["cache-control"] == "no-store"
    answers = {code: followed(world, code, 404) for code in ("x" * 43, "x", "", "../../v1/awards", page.code()[:-1])}
    assert len({re.sub(r'value="[^"]*"', "", item.source) for item in answers.values()}) == 1
    for told in (page, followed(world, page.code())):
        assert NAME not in told.source and CONTACT not in told.source and "第二行" not in told.source


def test_guesses_at_codes_are_counted(world: World) -> None:
    limited(world, reads_per_minute=4)
    coming_from(world, "192.0.2.7")
    form = opened(world, "/follow")
    for _ in range(3):
        sent(world, "/follow", 404, form, code="x" * 43)
    answer = page_of(world.client.post("/follow", data=form.fields | {"code": "x" * 43}, headers=READ_BY_PEOPLE))
    assert answer.status == 429 and "过于频繁" in answer.text


def test_evidence_is_added_by_the_code_and_read_by_nobody_else(world: World, path: str) -> None:
    page = objected(world, path)
    files = [("file", (f"{NAME}.pdf", PDF, "application/pdf")), ("file", ("坏.pdf", b"%PDF-1.4 no", "application/pdf"))]
    told = sent(world, "/follow/evidence", 422, page, files=files)
    assert f"已收到 {NAME}.pdf" in told.text and "未收下 坏.pdf" in told.text and "重新导出" in told.text
    # What was refused costs nothing of the rest, and the way to go on stands on the page.
    assert told.fields["code"] == page.code()
    again = sent(world, "/follow/evidence", 200, told, files=[("file", ("二.pdf", PDF, "application/pdf"))])
    assert "已收到 二.pdf" in again.text
    for caller in (world.office, world.auditor):
        text = (
            json.dumps([kept(world), ok(caller.get("/v1/audit-entries?limit=100"))], ensure_ascii=False)
            if (caller is world.auditor)
            else json.dumps(kept(world), ensure_ascii=False)
        )
        assert NAME not in text and "坏.pdf" not in text


def test_evidence_needs_a_code_that_is_one(world: World, path: str) -> None:
    page = objected(world, path)
    page.fields["code"] = "x" * 43
    told = sent(world, "/follow/evidence", 404, page, files=[("file", ("一.pdf", PDF, "application/pdf"))])
    assert "没有此回执编码" in told.text


def test_an_upload_without_end_is_cut_off(world: World, path: str) -> None:
    app: Any = world.client.app
    page = objected(world, path)
    app.state.settings = app.state.settings.model_copy(update={"max_file_bytes": 2048})
    files = [("file", (f"{number}.pdf", b"%PDF-1.7" + b"0" * 100_000, "application/pdf")) for number in range(3)]
    told = sent(world, "/follow/evidence", 413, page, files=files)
    assert "合计超过上限" in told.text
    assert "异议已经收到，不受影响" in told.text
    large = [("file", ("大.pdf", PDF + b"0" * 60_000, "application/pdf"))]
    one = sent(world, "/follow/evidence", 422, page, files=large)
    assert "未收下" in one.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "https://["},
        {"Origin": "testserver"},
        {"Origin": "http://testserver/"},
    ],
)
def test_a_form_of_another_site_is_refused(world: World, path: str, headers: dict[str, str]) -> None:
    form = opened(world, path)
    answer = page_of(world.client.post(path, data=form.fields | {"facts": FACTS}, headers=headers))
    assert answer.status == 403 and not kept(world)


def test_a_form_without_its_ticket_or_with_that_of_another_is_refused(world: World, path: str) -> None:
    other = opened(world, "/report-mark").fields["ticket"]
    for ticket in ("", "x", other):
        page = opened(world, path)
        page.fields["ticket"] = ticket
        sent(world, path, 403, page, facts=FACTS)
    own = {"Origin": "http://testserver"}
    form = opened(world, path)
    assert world.client.post(path, data=form.fields | {"facts": FACTS}, headers=own).status_code == 201


def test_a_form_that_was_open_for_a_day_is_sent_once_more(world: World, path: str) -> None:
    form = opened(world, path)
    world.clock.forward(hours=25)
    page = sent(world, path, 409, form, facts=FACTS, name=NAME, contact=CONTACT)
    assert page.fields["facts"] == FACTS and "超过一天" in page.text
    sent(world, path, 201, page)


def test_in_a_flood_what_was_written_is_kept_and_a_proof_lets_it_in(world: World, path: str) -> None:
    limited(world, public_posts_per_minute=1)
    coming_from(world, "192.0.2.8")
    objected(world, path)
    page = sent(world, path, 429, opened(world, path), facts=FACTS, name=NAME, contact=CONTACT)
    assert page.fields["facts"] == FACTS and "等一分钟" in page.text
    (form,) = [item for item in page.all("form") if item.get("data-challenge")]
    assert form["data-challenge"]
    assert sent(world, path, 201, page, proof=solved(world)).code()


def test_neither_log_nor_stored_answers_hold_who_objected(
    settings: Settings, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    talking = settings.model_copy(update={"log_level": "DEBUG"})
    with TestClient(create_app(talking, clock=clock), raise_server_exceptions=False) as client:
        world = World(client, clock)
        made = in_publicity(world, Contender())
        path = f"/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objection"
        capsys.readouterr()
        page = objected(world, path)
        followed(world, page.code())
        sent(world, "/follow/evidence", 200, page, files=[("file", (f"{NAME}.pdf", PDF, "application/pdf"))])
        sent(world, path, 422, opened(world, path), name="长" * 201, contact=CONTACT)
        printed = capsys.readouterr()
        logged = printed.out + printed.err
        assert '"route":"/candidates/{candidate_id}/objection"' in logged and '"route":"/follow"' in logged
        stored = str(rows(world, "SELECT * FROM idempotency_records")) + str(rows(world, "SELECT * FROM audit_entries"))
        for secret in (NAME, CONTACT, "第二行", page.code()):
            for place in (logged, stored):
                assert secret not in place and json.dumps(secret)[1:-1] not in place
