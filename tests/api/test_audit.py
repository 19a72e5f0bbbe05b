"""The audit log: every act with its findings, chained; what is done to it behind the service's back is found."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.kernel.paging import _binding
from app.store import audit as chain
from app.store.first_schema.guards import statements as guarding
from sandbox.stages.law import holiday_year
from sandbox.stages.parties import register, rename
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

_SQLITE = tuple(
    f"DROP TRIGGER {name}"
    for name in (
        *(
            "audit_entries_no_UPDATE",
            "audit_entries_no_DELETE",
            "audit_entries_kept_1_moved",
            "audit_entries_kept_2_moved",
        ),
        *("audit_head_rows_stay", "audit_entries_rowid_stays"),
    )
)
_POSTGRESQL = ("DROP TRIGGER audit_entries_append_only ON audit_entries",)


_MOVED = "; ".join(f"UPDATE audit_entries SET seq = {to} WHERE seq = {of}" for of, to in ((2, 99), (3, 2), (99, 3)))
_COLUMNS = "at, act, actor_id, actor_role, subject_type, subject_id, round_id, request_id, outcome, details"
_ADDED = (
    f"INSERT INTO audit_entries (seq, {_COLUMNS}, previous_hash, hash) "
    f"SELECT 7, {_COLUMNS}, hash, 'f' FROM audit_entries WHERE seq = 6"
)


def behind_the_service(database_url: str, *statements: str) -> None:
    """Somebody with the database's own password."""
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def tamper(database_url: str, *statements: str) -> None:
    """As above, with the triggers out of the way."""
    behind_the_service(database_url, *(_SQLITE if "sqlite" in database_url else _POSTGRESQL), *statements)


def put_guards_back(database_url: str) -> None:
    """Whoever took the guards away leaves no trace of that."""
    kind = "sqlite" if "sqlite" in database_url else "postgresql"
    engine = create_engine(database_url)
    with engine.begin() as connection:
        there = "SELECT name FROM sqlite_master" if kind == "sqlite" else "SELECT tgname FROM pg_trigger"
        known = set(connection.execute(text(there)).scalars())
        for statement in guarding(kind):
            kind_of_it, name = statement.split()[1:3]
            if kind_of_it == "TRIGGER" and name not in known:
                connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def history(world: World) -> World:
    """A handful of acts by different people."""
    open_round(world)
    party = register(world, verified=False)
    rename(world, party, "样例新名有限公司")
    ok(world.office.post("/v1/holiday-years", holiday_year(2031)), 201)
    return world


def verified(world: World) -> dict[str, Any]:
    return ok(world.auditor.get("/v1/audit-chain"))  # type: ignore[no-any-return]


def test_an_untouched_chain_holds(history: World) -> None:
    result = verified(history)
    newest = ok(history.auditor.get("/v1/audit-entries?limit=1"))["items"][0]
    assert result == {"intact": True, "entries": newest["seq"], "head_hash": newest["hash"], "faults": []}
    assert result["entries"] == 6


def test_entries_of_one_transaction_follow_each_other_in_one_statement_or_in_several(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_AT_ONCE", 3)
    entry = {"act": "try_it", "subject_type": "round", "subject_id": None, "round_id": None}
    details: list[dict[str, object]] = [
        {"number": number, "words": "样例 \\ \" \u2028 \x7f ' %s :name", "deep": {"b": [1, None, True], "a": 0.1}}
        for number in range(7)
    ]
    notes = [
        chain.Note(world.clock.now(), actor, "office", "request", [{**entry, "details": one} for one in some])
        for actor, some in ((None, details[:2]), (UUID(world.id("account:office")), details[2:]))
    ]

    async def append() -> None:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            await chain.append(session, *notes)
            await session.commit()

    world.client.portal.call(append)  # type: ignore[union-attr]
    found = ok(world.auditor.get("/v1/audit-entries"))["items"][::-1]
    assert [item["details"] for item in found] == details
    assert [item["seq"] for item in found] == list(range(1, 8))
    assert {item["actor_id"] for item in found[2:]} == {world.id("account:office")} != {found[0]["actor_id"]}
    assert verified(world) == {"intact": True, "entries": 7, "head_hash": found[-1]["hash"], "faults": []}


def test_an_empty_chain_holds(world: World) -> None:
    assert verified(world) == {"intact": True, "entries": 0, "head_hash": "0" * 64, "faults": []}


def test_an_act_is_recorded_with_who_when_what_and_the_findings(history: World) -> None:
    entry = ok(history.auditor.get("/v1/audit-entries?act=publish_call"))["items"][0]
    assert (entry["actor_role"], entry["actor_id"]) == ("office", history.id("account:office"))
    assert (entry["subject_type"], entry["subject_id"]) == ("round", entry["round_id"])
    rules = {finding["rule"] for finding in entry["details"]["findings"]}
    assert {"art33.in_force", "art06.cycle", "art10.review_rules", "art16.call"} <= rules
    public = ok(history.auditor.get("/v1/audit-entries?act=register_organisation"))["items"][0]
    assert (public["actor_role"], public["actor_id"]) == ("public", None)


def test_entries_are_filtered_and_paged_newest_first(history: World) -> None:
    first = ok(history.office.get("/v1/audit-entries?limit=4"))
    rest = ok(history.office.get(f"/v1/audit-entries?limit=4&cursor={first['next_cursor']}"))
    assert [item["seq"] for item in (*first["items"], *rest["items"])] == [6, 5, 4, 3, 2, 1]
    assert rest["next_cursor"] is None
    cursor = first["next_cursor"]
    refused(history.office.get(f"/v1/audit-entries?act=publish_call&cursor={cursor}"), 422, "invalid_cursor")
    round_id = ok(history.public.get("/v1/rounds"))["items"][0]["id"]
    of_round = ok(history.auditor.get(f"/v1/audit-entries?round_id={round_id}"))["items"]
    assert [item["act"] for item in of_round] == ["publish_call", "create_round"]
    party = ok(history.office.get("/v1/organisations"))["items"][0]["id"]
    of_party = ok(history.auditor.get(f"/v1/audit-entries?subject_type=organisation&subject_id={party}"))["items"]
    assert [item["act"] for item in of_party] == ["change_name", "register_organisation"]
    refused(history.auditor.get("/v1/audit-entries?act=DROP TABLE"), 422, "invalid")


@pytest.mark.parametrize("position", ["0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "-1", "9" * 5000, "٣", 7, None, [1]])
def test_a_cursor_that_is_no_number_is_refused(world: World, position: Any) -> None:
    bound = _binding(dict.fromkeys(("act", "subject_type", "subject_id", "round_id")))
    cursor = base64.urlsafe_b64encode(json.dumps([position, bound]).encode()).decode()
    refused(world.auditor.get("/v1/audit-entries", params={"cursor": cursor}), 422)


def test_the_log_is_the_offices_and_the_auditors_and_the_chain_the_auditors(history: World) -> None:
    for caller in (history.government, history.platform, history.by("unit-wenwuba"), history.by("reviewer1")):
        refused(caller.get("/v1/audit-entries"), 403)
        refused(caller.get("/v1/audit-chain"), 403)
    refused(history.public.get("/v1/audit-entries"), 401)
    refused(history.office.get("/v1/audit-chain"), 403)


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET act = 'nothing'", "DELETE FROM audit_entries"])
@pytest.mark.parametrize("where", [" WHERE seq = 2", ""])
def test_the_database_itself_refuses_to_change_an_entry(
    history: World, database_url: str, statement: str, where: str
) -> None:
    with pytest.raises(DBAPIError, match="audit_entries is append-only"):
        behind_the_service(database_url, statement + where)
    assert verified(history)["intact"] is True


def test_emptying_the_log_as_a_whole_is_refused(history: World, database_url: str) -> None:
    if "sqlite" in database_url:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="audit_entries is append-only"):
        behind_the_service(database_url, "TRUNCATE audit_entries")


@pytest.mark.parametrize(
    ("change", "seq", "reason"),
    [
        ("UPDATE audit_entries SET act = 'cancel_round' WHERE seq = 2", 2, "altered"),
        ("UPDATE audit_entries SET actor_role = 'government' WHERE seq = 6", 6, "altered"),
        ("UPDATE audit_entries SET actor_id = NULL WHERE seq = 1", 1, "altered"),
        ("UPDATE audit_entries SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 3", 3, "altered"),
        ("UPDATE audit_entries SET details = '{}' WHERE seq = 2", 2, "altered"),
        ("UPDATE audit_entries SET hash = 'f' WHERE seq = 2", 2, "altered"),
        ("DELETE FROM audit_entries WHERE seq = 1", 1, "missing up to 1"),
        ("DELETE FROM audit_entries WHERE seq IN (3, 4)", 3, "missing up to 4"),
        ("DELETE FROM audit_entries WHERE seq = 6", 6, "the end of the chain is cut off or the head was changed"),
        ("DELETE FROM audit_entries", 6, "the end of the chain is cut off or the head was changed"),
        ("UPDATE audit_head SET seq = 5", 5, "the end of the chain is cut off or the head was changed"),
        ("DELETE FROM audit_head", -1, "the end of the chain is cut off or the head was changed"),
        (_MOVED, 3, "does not follow the entry before it"),
        (_MOVED, 2, "altered"),
        (_ADDED, 7, "altered"),
        (_ADDED, 6, "the end of the chain is cut off or the head was changed"),
    ],
)
def test_what_was_changed_behind_the_service_is_found(
    history: World, database_url: str, change: str, seq: int, reason: str
) -> None:
    tamper(database_url, *change.split("; "))
    result = verified(history)
    assert result["intact"] is False
    assert {"seq": seq, "reason": reason} in result["faults"]


def test_a_tail_cut_off_together_with_its_head_shows_against_the_hash_kept_elsewhere(
    history: World, database_url: str
) -> None:
    kept = verified(history)
    before = ok(history.auditor.get("/v1/audit-entries?limit=2"))["items"][1]
    tamper(
        database_url,
        "DELETE FROM audit_entries WHERE seq = 6",
        f"UPDATE audit_head SET seq = 5, hash = '{before['hash']}'",
    )
    result = verified(history)
    assert result["intact"] is True, "no chain can show this by itself"
    assert (result["entries"], result["head_hash"]) != (kept["entries"], kept["head_hash"])


def test_a_long_chain_is_walked_in_pieces_and_a_growing_one_is_not_mistaken_for_a_broken_one(
    history: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_BATCH", 2)

    def grow(number: int) -> None:
        ok(
            history.office.post(
                "/v1/recommending-units", {"name": f"样例乡{number}", "kind": "township", "area": f"样例{number}"}
            ),
            201,
        )

    with ThreadPoolExecutor(4) as pool:
        growing = [pool.submit(grow, number) for number in range(12)]
        results = [verified(history) for _ in range(6)]
        for future in growing:
            future.result()
    assert all(result["intact"] for result in results), results
    assert verified(history)["entries"] == 18


def test_nothing_refused_and_nothing_dry_is_recorded(history: World) -> None:
    refused(history.office.post("/v1/holiday-years", holiday_year(2032, holidays=["2032-01-01"])), 422)
    ok(history.office.post("/v1/holiday-years?dry_run=true", holiday_year(2032)), 201)
    assert verified(history)["entries"] == 6


def test_the_log_holds_no_secret(history: World) -> None:
    form = {"grant_type": "password", "username": "office", "password": "correct horse battery"}
    tokens = ok(history.client.post("/v1/tokens", data=form))
    shown = history.auditor.get("/v1/audit-entries?limit=100").text
    for secret in (
        "correct horse",
        "argon2",
        "a long sample password",
        tokens["access_token"],
        tokens["refresh_token"],
    ):
        assert secret not in shown
