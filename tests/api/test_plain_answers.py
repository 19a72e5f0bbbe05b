"""Plain answers are those of the contract, in every state and for everybody; nothing that was decided meanwhile is
missing from them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import create_engine, text

from app.kernel.security.keys import rotate_keys
from app.kernel.security.tokens import TokenIssuer
from app.kernel.settings import Settings
from app.schemas.awards import AwardDetail, AwardLine, CertificateOut
from app.schemas.common import PageOut
from app.schemas.notices import NoticeOut
from app.schemas.publicity import CandidateListOut
from app.schemas.recommendations import RecommendationOut
from app.schemas.rounds import RoundOut
from app.store.awards import Award
from app.store.database import Database
from app.store.identity import Account
from app.store.readers import PostgresReader, SqliteReader
from app.store.recommendations import Recommendation
from sandbox.callers import Caller
from sandbox.stages.applications import Applied, apply, begin, request
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    after_publicity,
    approve,
    candidates,
    conclude_round,
    decree,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    publish,
)
from sandbox.stages.integration import asked, batch, endorsed
from sandbox.stages.parties import member, register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.plain import both, plain_answers, same, written
from tests.support.problems import refused
from tests.support.queries import counted

APPLICATION, ROUND, LIST = "/v1/applications/{}", "/v1/rounds/{}", "/v1/rounds/{}/candidate-list"


def of_schema(schema: type[BaseModel], text: str) -> Any:
    """The answer, which must be what the schema itself would write."""
    told = json.loads(text)
    assert told == json.loads(schema.model_validate_json(text).model_dump_json())
    return told


def readers(world: World, *more: Caller) -> list[Caller]:
    return [world.public, world.office, world.auditor, world.government, world.by("unit-wenwuba"), *more]


def everywhere(world: World, round_id: str, applied: list[Applied]) -> set[str]:
    """Compare every read of a round for everybody; which of the roles had plain answers of applications."""
    plain = set()
    for caller in readers(world, *(one.applicant for one in applied)):
        both(caller, ROUND, round_id)
        both(caller, LIST, round_id)
        for one in applied:
            if both(caller, APPLICATION, one.id):
                plain.add(caller.role.value)
    return plain


@pytest.mark.slow
def test_drafts_and_submitted_ones(world: World) -> None:
    round_id = open_round(world, 2024)
    drafting, owner = register(world), register(world)
    draft = begin(world, round_id, drafting.applicant)
    drafted = Applied(draft["id"], drafting.organisation_id, drafting.applicant, None)
    submitted = apply(world, round_id, organisation=owner)
    for caller in (member(world, owner), world.by("unit-junmenling"), drafting.applicant):
        both(caller, APPLICATION, drafted.id)
        both(caller, APPLICATION, submitted.id)
    assert everywhere(world, round_id, [drafted, submitted]) == {"applicant", "auditor", "recommending_unit"}
    request(world, draft["id"], drafting.applicant)
    everywhere(world, round_id, [drafted, submitted])


@pytest.mark.slow
def test_from_the_evaluation_to_the_decree(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(HOSPITAL, score="700"))
    applied = made.applied
    seen = {"applicant", "auditor", "recommending_unit", "office"}
    assert everywhere(world, made.round_id, applied) == seen
    for_county = UUID(world.id("unit:industry"))
    recommendation = ok(world.office.get(f"/v1/applications/{applied[0].id}"))["recommendations"][0]
    written(world, Recommendation, recommendation["id"], county_unit_id=for_county, county_endorsement={"opinion": ""})
    assert both(world.by("unit-industry"), APPLICATION, applied[0].id)
    assert both(world.by("unit-wenwuba"), APPLICATION, applied[0].id)
    deliberate(world, made.round_id)
    assert everywhere(world, made.round_id, applied) == seen
    publish(world, made.round_id, [one.id for one in applied])
    assert everywhere(world, made.round_id, applied) == seen
    listed = candidates(world, made.round_id)
    removed = next(iter(listed.values()))
    ok(
        world.office.post(
            f"/v1/candidates/{removed['id']}/removal",
            {"reason": "样例：认证证书到期"},
        )
    )
    assert everywhere(world, made.round_id, applied) == seen
    after_publicity(world, made.round_id)
    fix_proposed(world, made.round_id)
    everywhere(world, made.round_id, applied)
    approve(world, made.round_id)
    everywhere(world, made.round_id, applied)
    decree(world, made.round_id)
    assert everywhere(world, made.round_id, applied) == seen


def test_the_queue_of_a_unit(world: World) -> None:
    round_id = open_round(world, 2024)
    waiting, given = asked(world, round_id), asked(world, round_id)
    ok(batch(world, endorsed(world, given)))
    endorsement = {
        "opinion": "样例：情况属实",
        "signatory": "样例负责人",
        "signed_on": "2024-03-01",
        "letter_number": None,
        "endorsed_at": world.clock.now().isoformat(),
    }
    of_county = {"county_unit_id": UUID(world.id("unit:industry")), "county_endorsement": endorsement}
    written(world, Recommendation, given.id, **of_county)
    assert both(given.applicant, APPLICATION, given.application_id) is False
    callers = [world.by(f"unit-{name}") for name in ("wenwuba", "health", "industry")]
    callers += [world.office, world.auditor, world.government]
    filters = ("", "&limit=1", f"&round_id={round_id}", "&state=requested", f"&state=endorsed&round_id={round_id}")
    for day in ("2024-03-01", "2024-08-01"):
        world.clock.go(day)
        for caller in callers:
            for more in filters:
                path = f"/v1/recommendations?limit=20{more}".replace("limit=20&limit", "limit")
                # A number with that many zeros is good and not plain.
                same(caller.get(path), caller.get(path.replace("limit=", "limit=00")))
    world.clock.go("2024-03-01")
    unit = callers[0]
    with plain_answers() as answers:
        first = of_schema(PageOut[RecommendationOut], unit.get("/v1/recommendations?limit=1").text)
        rest = of_schema(
            PageOut[RecommendationOut], unit.get(f"/v1/recommendations?limit=1&cursor={first['next_cursor']}").text
        )
        assert len(answers) == 2
    assert [first["items"][0]["id"], rest["items"][0]["id"]] == [given.id, waiting.id]
    assert [item["act"] for item in rest["items"][0]["available_actions"]]
    with counted(world) as statements:
        ok(unit.get("/v1/recommendations"))
    assert len(statements) == 2
    refused(unit.get("/v1/recommendations?cursor=aaaa"), 422, "invalid_cursor")
    refused(unit.get("/v1/recommendations?state=nothing"), 422, "invalid")
    refused(unit.get("/v1/recommendations?round_id=nothing"), 422, "invalid")
    refused(world.public.get("/v1/recommendations"), 401)


@pytest.mark.slow
def test_every_plain_answer_is_as_the_schemas_write_it(world: World) -> None:
    made = conclude_round(world, 2024, Contender(), Contender(HOSPITAL))
    with plain_answers() as given:
        page = of_schema(PageOut[AwardLine], world.public.get("/v1/awards?limit=1").text)
        of_schema(PageOut[AwardLine], world.public.get(f"/v1/awards?limit=1&cursor={page['next_cursor']}").text)
        of_schema(PageOut[AwardLine], world.public.get("/v1/awards?year=2024&status=valid").text)
        line = page["items"][0]
        of_schema(AwardDetail, world.public.get(f"/v1/awards/{line['id']}").text)
        of_schema(CertificateOut, world.public.get(f"/v1/certificates/{line['certificate_number']}").text)
        of_schema(RoundOut, world.public.get(f"/v1/rounds/{made.round_id}").text)
        listed = of_schema(CandidateListOut, world.public.get(f"/v1/rounds/{made.round_id}/candidate-list").text)
        for item in listed["candidates"]:
            of_schema(NoticeOut, world.public.get(f"/v1/notices/{item['notice_id']}").text)
        assert len(given) == 9
    award = of_schema(AwardDetail, world.office.get(f"/v1/awards/{line['id']}").text)
    assert award["available_actions"] == ok(world.government.get(f"/v1/awards/{line['id']}"))["available_actions"] == []


def test_what_is_not_plain_is_the_frameworks(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    with plain_answers() as given:
        for path in ("/v1/awards?nothing=1", f"/v1/awards?limit=5&_={winner.award_id}"):
            refused(world.public.get(path), 422, "invalid")
        ok(world.public.get("/v1/awards?limit=0005"))
        refused(world.public.get("/v1/awards?limit=5&limit=6"), 422, "invalid")
        ok(world.office.get("/v1/awards"))
        refused(world.public.get("/v1/awards?limit=101"), 422, "invalid")
        refused(world.public.get("/v1/awards?limit=0"), 422, "invalid")
        refused(world.public.get("/v1/awards?limit=x"), 422, "invalid")
        refused(world.public.get("/v1/awards?limit=+5"), 422, "invalid")
        refused(world.public.get("/v1/awards?year=1999"), 422, "invalid")
        refused(world.public.get("/v1/awards?status=not_yet_valid"), 422, "invalid")
        refused(world.public.get("/v1/awards?cursor=" + "a" * 801), 422, "invalid")
        refused(world.public.get("/v1/awards", headers={"Authorization": "Bearer x"}), 401, "invalid_token")
        refused(world.public.get("/v1/certificates/HC%01"), 422, "invalid")
        for text in ("none", f"{{{'a' * 32}}}--", f"{'-' * 4}{'a' * 32}", "A" * 36):
            refused(world.public.get(f"/v1/awards/{text}"), 422, "invalid")
        for token in ("", "Bearer", "Bearer ", "Basic x"):
            refused(world.public.get(f"/v1/applications/{winner.award_id}", headers={"Authorization": token}), 401)
        refused(world.public.get(f"/v1/applications/{winner.award_id}"), 401)
        assert given == []
        # These are refused by the read itself, in the framework's words.
        refused(world.public.get("/v1/awards?cursor=aaaa"), 422, "invalid_cursor")
        refused(world.public.get(f"/v1/awards/{world.id('nobody')}"), 404, "not_found")
        refused(world.public.get("/v1/certificates/HCDH-1999-01"), 404, "not_found")
        refused(world.public.get(f"/v1/notices/{world.id('nobody')}"), 404, "not_found")
        refused(world.public.get(f"/v1/rounds/{world.id('nobody')}"), 404, "not_found")
        refused(world.public.get(f"/v1/rounds/{world.id('nobody')}/candidate-list"), 404, "not_found")
        assert given == []


@pytest.mark.slow
def test_a_request_has_an_id_its_template_and_its_checks(world: World) -> None:
    key = conclude_round(world, 2024, Contender()).round_id
    answer = world.public.get(f"/v1/rounds/{key}")
    assert str(UUID(answer.headers["x-request-id"])) == answer.headers["x-request-id"]
    assert 'route="/v1/rounds/{round_id}",status="200"' in world.public.get("/metrics").text
    twice = [("Host", "a.example"), ("Host", "b.example")]
    refused(world.client.get(f"/v1/rounds/{key}", headers=twice), 400)


def test_statements_are_few(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    award = next(iter(made.awards.values()))

    def statements(caller: Caller, path: str) -> int:
        with counted(world) as seen:
            ok(caller.get(path))
        return len(seen)

    # Pages for anybody are kept when they are asked for again: `test_frozen_pages` counts from then on.
    assert statements(world.public, "/v1/awards") == 1
    assert statements(world.public, f"/v1/awards/{award['id']}") == 1
    assert statements(world.public, f"/v1/certificates/{award['certificate_number']}") == 1
    # Its documents besides, which are kept for their own sake.
    assert statements(world.public, f"/v1/rounds/{made.round_id}") == 2
    # The round, its list, the names as they are printed today, and those given up since the submission.
    assert statements(world.public, f"/v1/rounds/{made.round_id}/candidate-list") == 4
    assert statements(made.applied[0].applicant, f"/v1/applications/{made.applied[0].id}") == 2


def test_a_deactivated_account_is_refused_at_once(world: World) -> None:
    made = conclude_round(world, 2024, Contender()).applied[0]
    with plain_answers() as given:
        headers = made.applicant.headers()
        for _ in range(2):
            ok(world.client.get(f"/v1/applications/{made.id}", headers=headers))
        assert len(given) == 2
    written(world, Account, made.applicant.account_id or "", deactivated_at=world.clock.now())
    refused(world.client.get(f"/v1/applications/{made.id}", headers=headers), 401, "invalid_token")


def test_a_token_from_before_a_change_of_password_is_refused_at_once(world: World) -> None:
    made = conclude_round(world, 2024, Contender()).applied[0]
    headers = made.applicant.headers()
    ok(world.client.get(f"/v1/applications/{made.id}", headers=headers))
    later = datetime.fromtimestamp(world.clock.now().timestamp() + 1, UTC)
    written(world, Account, made.applicant.account_id or "", tokens_valid_from=later)
    refused(world.client.get(f"/v1/applications/{made.id}", headers=headers), 401, "invalid_token")


def test_a_verified_token_ends_when_it_expires(world: World) -> None:
    made = conclude_round(world, 2024, Contender()).applied[0]
    headers = made.applicant.headers()
    ok(world.client.get(f"/v1/applications/{made.id}", headers=headers))
    world.clock.go("2030-01-01")
    refused(world.client.get(f"/v1/applications/{made.id}", headers=headers), 401, "invalid_token")


@pytest.mark.slow
def test_anothers_application_is_not_found(world: World) -> None:
    made = conclude_round(world, 2024, Contender(), Contender(HOSPITAL))
    first, second = made.applied
    refused(second.applicant.get(f"/v1/applications/{first.id}"), 404, "not_found")
    both(second.applicant, APPLICATION, first.id)
    refused(world.government.get(f"/v1/applications/{first.id}"), 403, "forbidden")


def test_art31_a_revocation_is_seen_at_once(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    line = ok(world.public.get("/v1/awards"))["items"][0]
    number = line["certificate_number"]
    assert ok(world.public.get(f"/v1/certificates/{number}"))["status"] == "valid"
    day = world.clock.today
    written(world, Award, winner.award_id, state="revoked", revoked_on=day, revoked_under="grounds", version=2)
    assert ok(world.public.get("/v1/awards"))["items"][0]["status"] == "revoked"
    assert ok(world.public.get("/v1/awards?status=valid"))["items"] == []
    assert ok(world.public.get(f"/v1/awards/{winner.award_id}"))["revoked_on"] == day.isoformat()
    assert ok(world.public.get(f"/v1/certificates/{number}"))["status"] == "revoked"


def test_art23_the_last_day_is_the_last(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    line = ok(world.public.get("/v1/awards"))["items"][0]
    last = date.fromisoformat(line["valid_until"])
    for day, status in ((last, "valid"), (date.fromordinal(last.toordinal() + 1), "expired")):
        world.clock.go(day.isoformat())
        assert ok(world.public.get("/v1/awards"))["items"][0]["status"] == status
        assert len(ok(world.public.get(f"/v1/awards?status={status}"))["items"]) == 1
        assert ok(world.public.get(f"/v1/awards/{winner.award_id}"))["status"] == status
        assert ok(world.public.get(f"/v1/certificates/{line['certificate_number']}"))["status"] == status


def test_art22_a_decree_is_seen_at_once(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    award = approve(world, made.round_id)["awards"][0]
    assert ok(world.public.get(f"/v1/rounds/{made.round_id}"))["state"] == "approved"
    assert ok(world.public.get("/v1/awards"))["items"] == []
    refused(world.public.get(f"/v1/awards/{award['id']}"), 404)
    decree(world, made.round_id)
    assert ok(world.public.get(f"/v1/rounds/{made.round_id}"))["state"] == "concluded"
    assert len(ok(world.public.get("/v1/awards"))["items"]) == 1
    assert ok(world.public.get(f"/v1/awards/{award['id']}"))["status"] == "valid"


def test_a_dead_connection_is_replaced_and_the_read_repeated(world: World, database_url: str) -> None:
    reader = world.client.app.state.database.reader  # type: ignore[attr-defined]
    ok(world.public.get("/v1/awards"))
    if isinstance(reader, SqliteReader):
        assert reader._connection is not None
        reader._connection.close()
    else:
        assert isinstance(reader, PostgresReader)
        engine = create_engine(database_url)
        with engine.connect() as operator:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            assert operator.execute(text(query)).all()
        engine.dispose()
    ok(world.public.get("/v1/awards"))


def test_a_reading_connection_writes_nothing(world: World) -> None:
    reader = world.client.app.state.database.reader  # type: ignore[attr-defined]
    with pytest.raises(Exception, match=r"read-?only"):
        world.client.portal.call(reader.fetch, "DELETE FROM awards", ())  # type: ignore[union-attr]


def test_no_free_connection_for_reading_is_503(world: World, database_url: str) -> None:
    if "sqlite" in database_url:
        pytest.skip("SQLite has no pool")
    app: Any = world.client.app
    portal: Any = world.client.portal
    narrow = Database(database_url, pool_size=1, patience=0.2)
    whole, app.state.database = app.state.database, narrow
    try:
        ok(world.public.get("/v1/awards"))
        pool: Any = narrow.reader._pool  # type: ignore[attr-defined]
        connection = portal.call(pool.acquire)
        answer = world.public.get("/v1/awards")
        refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "10"
        portal.call(pool.release, connection)
        ok(world.public.get("/v1/awards"))
    finally:
        app.state.database = whole
        portal.call(narrow.close)


def test_a_database_that_is_away_is_503(world: World, tmp_path: Path) -> None:
    app: Any = world.client.app
    addresses = (f"sqlite:///{tmp_path}/a/b.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    whole = app.state.database
    for address in addresses:
        app.state.database = Database(address, patience=0.2)
        try:
            refused(world.public.get("/v1/awards"), 503, "unavailable")
        finally:
            world.client.portal.call(app.state.database.close)  # type: ignore[union-attr]
            app.state.database = whole
    ok(world.public.get("/v1/awards"))


def test_a_kept_token_ends_with_its_key(world: World, settings: Settings) -> None:
    made = conclude_round(world, 2024, Contender()).applied[0]
    headers = made.applicant.headers()
    issuer: TokenIssuer = world.client.app.state.tokens  # type: ignore[attr-defined]
    ok(world.client.get(f"/v1/applications/{made.id}", headers=headers))
    before = settings.keys_file.read_bytes()
    try:
        rotate_keys(settings.keys_file, now=world.clock.now(), keep=1)
        issuer._watched.newest()
        refused(world.client.get(f"/v1/applications/{made.id}", headers=headers), 401, "invalid_token")
    finally:
        settings.keys_file.write_bytes(before)
