"""Lists that people search are told in the order that is asked for, page after page: on both databases the same."""

import base64
import json
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.store.awards import Award
from app.store.sorting import leading
from app.web.contract import routes_of
from sandbox.callers import Caller
from sandbox.stages.applications import apply, begin
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import HOSPITAL, Contender, in_publicity
from sandbox.stages.parties import register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.plain import plain_answers, written
from tests.support.problems import refused
from tests.support.queries import counted

LISTS = ("/v1/organisations", "/v1/applications", "/v1/awards", "/v1/audit-entries")


def walked(caller: Caller, path: str, limit: int, **query: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = ok(caller.get(path, params={**query, "limit": str(limit), **cursor}))
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == limit
        cursor = {"cursor": page["next_cursor"]}


def in_every_page_size(caller: Caller, path: str, **query: str) -> list[dict[str, Any]]:
    """The list, which is the same however it is cut into pages."""
    whole = walked(caller, path, 100, **query)
    for limit in range(1, len(whole) + 1):
        assert walked(caller, path, limit, **query) == whole, limit
    return whole


# What an alphabet would put elsewhere: letters of both sizes, digits, brackets, rare characters beyond the first plane.
NAMES = (
    "样例乙厂",
    "样例甲厂",
    "样例𠮷厂",
    "样例乙厂",
    "样例(甲)厂",
    "样例甲厂",
    "样例9厂",
    "样例B厂",
    "样例a厂",
    "样例甲厂二",
)


def test_organisations_by_age_and_name(world: World) -> None:
    made = [register(world, verified=False, name=name).organisation_id for name in NAMES]

    def told(**query: str) -> list[str]:
        found = in_every_page_size(world.office, "/v1/organisations", name="样例", **query)
        return [item["id"] for item in found]

    assert told() == told(sort="newest") == made[::-1]
    assert told(sort="oldest") == made
    # The small letter is the large one to whoever compares names; what reads the same is told as it came in.
    keys = {made[number]: (name.lower(), number) for number, name in enumerate(NAMES)}
    assert told(sort="name") == sorted(made, key=keys.__getitem__)
    some = told(sort="name", state="unverified")
    assert some == told(sort="name")
    one = register(world, name="样例丁厂")
    assert [item["id"] for item in in_every_page_size(one.account, "/v1/organisations", sort="name")] == [
        one.organisation_id
    ]


def test_names_that_begin_alike_for_long_are_all_told(world: World) -> None:
    beginning = "样" * 130
    ends = [register(world, verified=False, name=f"{beginning}{end}").organisation_id for end in "丙乙甲"]
    found = in_every_page_size(world.office, "/v1/organisations", name=beginning, sort="name")
    assert [item["id"] for item in found] == ends
    widest = "𠮷" * 200
    pair = [register(world, verified=False, name=widest).organisation_id for _ in range(2)]
    first = ok(world.office.get("/v1/organisations", params={"name": widest, "sort": "name", "limit": 1}))
    assert (
        len(first["next_cursor"]) <= 800
        and "next"
        in world.office.get("/v1/organisations", params={"name": widest, "sort": "name", "limit": 1}).headers["link"]
    )
    assert [item["id"] for item in in_every_page_size(world.office, "/v1/organisations", name=widest, sort="name")] == (
        pair
    )


def test_applications_by_age_name_and_number(world: World) -> None:
    round_id = open_round(world)
    names = ("样例丙厂", "样例甲厂", "样例乙厂", "样例甲厂")
    parties = [register(world, name=name) for name in names]
    drafts = [begin(world, round_id, party.applicant)["id"] for party in parties[:2]]
    sent = [apply(world, round_id, organisation=party).id for party in (parties[3], parties[2])]

    def told(**query: str) -> list[str]:
        found = in_every_page_size(world.office, "/v1/applications", round_id=round_id, **query)
        return [item["id"] for item in found]

    assert told() == told(sort="newest") == [*sent[::-1], *drafts[::-1]]
    assert told(sort="oldest") == [*drafts, *sent]
    # Those that have no number yet are last.
    assert told(sort="number") == [*sent, *drafts]
    assert told(sort="name") == [drafts[0], sent[1], drafts[1], sent[0]]
    assert told(sort="number", state="draft") == drafts
    own = in_every_page_size(parties[2].applicant, "/v1/applications", sort="number")
    assert [item["id"] for item in own] == [sent[1]]


def test_the_register_by_age_name_and_what_ends_first(world: World) -> None:
    made = concluded(world, {}, {}, {})
    later = concluded(world, {}, year=2026, ordinal=2, decreed_on="2026-06-03", decree_number="会府字〔2026〕1号")
    ids = [winner.award_id for winner in (*made.winners, *later.winners)]
    ends = dict(zip(ids, ("2027-06-03", "2027-06-03", "2026-12-31", "2029-06-03"), strict=True))
    names = dict(zip(ids, ("样例丙厂", "样例甲厂", "样例甲厂", "样例B厂"), strict=True))

    for key in ids:
        written(world, Award, key, awarded_name=names[key], valid_until=date.fromisoformat(ends[key]))
    for caller in (world.public, world.office):

        def told(asking: Caller = caller, **query: str) -> list[str]:
            return [item["id"] for item in in_every_page_size(asking, "/v1/awards", **query)]

        assert told() == told(sort="newest") == ids[::-1]
        assert told(sort="oldest") == ids
        assert told(sort="expiry") == [ids[2], ids[0], ids[1], ids[3]]
        assert told(sort="name") == sorted(ids, key=lambda key: (names[key], ids.index(key)))
        assert told(sort="expiry", year="2024") == [ids[2], ids[0], ids[1]]
        assert told(sort="name", name=made.winners[1].name) == [ids[1]]


def test_the_audit_log_by_age(world: World) -> None:
    register(world)
    newest = walked(world.auditor, "/v1/audit-entries", 100)
    assert len(newest) > 2 and newest == in_every_page_size(world.auditor, "/v1/audit-entries", sort="newest")
    assert in_every_page_size(world.auditor, "/v1/audit-entries", sort="oldest") == newest[::-1]
    act = newest[0]["act"]
    found = walked(world.auditor, "/v1/audit-entries", 1, sort="oldest", act=act)
    assert found == [item for item in newest[::-1] if item["act"] == act]


def test_every_list_is_told_in_the_order_that_it_says(world: World) -> None:
    """Ids are given in the order of time: what says nothing is told as it came in, the rest as its operation says."""
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    known = {"round_id": made.round_id, "application_id": made.applied[0].id}
    app: Any = world.client.app
    told = set()
    for route in routes_of(app):
        listed = getattr(route.response_model, "__name__", "").startswith("PageOut") and "GET" in (route.methods or ())
        if not listed or not set(re.findall(r"\{(\w+)\}", route.path)) <= set(known):
            continue
        for caller in (world.office, world.auditor, world.by("unit-wenwuba"), world.public):
            answer = caller.get(route.path.format(**known), params={"limit": 100})
            items = answer.json()["items"] if answer.status_code == 200 else []
            keys = [item.get("id") or item.get("seq") or item.get("size") for item in items]
            if len(keys) > 1 and None not in keys:
                newest = "newest first" in route.description.lower()
                assert keys == sorted(keys, reverse=newest), (route.path, newest)
                told.add(route.name)
    seen = {"list_accounts", "list_applications", "list_audit_entries", "list_media", "list_organisations"}
    assert seen | {"list_own_acts", "list_recommendations", "list_recommending_units", "list_reviewers"} <= told


def cursor_of(position: object, cursor: str) -> str:
    """A cursor of the same query that somebody has made up."""
    _, bound = json.loads(base64.urlsafe_b64decode(cursor))
    return base64.urlsafe_b64encode(json.dumps([position, bound]).encode()).decode()


def test_a_cursor_goes_on_in_its_own_order_alone(world: World) -> None:
    concluded(world, {}, {}, {})
    for path, sorts in (("/v1/organisations", ("name",)), ("/v1/awards", ("name", "expiry"))):
        for sort in ("oldest", *sorts):
            first = ok(world.office.get(path, params={"limit": 1, "sort": sort}))["next_cursor"]
            for other in {"newest", "oldest", *sorts} - {sort}:
                refused(
                    world.office.get(path, params={"limit": 1, "sort": other, "cursor": first}), 422, "invalid_cursor"
                )
            refused(world.office.get(path, params={"limit": 1, "cursor": first}), 422, "invalid_cursor")
            known = json.loads(base64.urlsafe_b64decode(first))[0]
            made_up: list[object] = [None, 1, [], ["a"], [1, known], ["a", "b"], ["\0", str(UUID(int=1))]]
            made_up += [["\ud800", str(UUID(int=1))], [["a"], str(UUID(int=1))], ["a", "b", "c"], {"a": 1}]
            made_up += [["2024-13-01", str(UUID(int=1))]] if sort == "expiry" else []
            for position in made_up:
                cursor = cursor_of(position, first)
                answer = world.office.get(path, params={"limit": 1, "sort": sort, "cursor": cursor})
                refused(answer, 422, "invalid_cursor")


@pytest.mark.one_database
@pytest.mark.parametrize("path", LISTS)
def test_an_order_that_there_is_none_of_is_refused(world: World, path: str) -> None:
    wrong = (
        "",
        "Newest",
        "-newest",
        "created_at",
        "newest,oldest",
        *(["expiry"] if "awards" not in path else ["number"]),
    )
    for sort in wrong:
        (fault,) = refused(world.auditor.get(path, params={"sort": sort}), 422, "invalid")["errors"]
        assert fault["pointer"] == "/query/sort", sort
    refused(world.auditor.get(f"{path}?sort=newest&sort=oldest"), 422, "invalid")
    refused(world.auditor.get(f"{path}?order=newest"), 422, "invalid")
    ok(world.auditor.get(f"{path}?sort=oldest"))


def test_the_register_in_any_order_is_a_plain_answer_of_one_statement(world: World) -> None:
    concluded(world, {}, {}, {})
    for sort in ("newest", "oldest", "name", "expiry"):
        path = f"/v1/awards?limit=2&sort={sort}"
        with plain_answers() as given, counted(world) as statements:
            told = ok(world.public.get(path))
        assert len(given) == 1 and len(statements) == 1
        assert told == ok(world.office.get(path))


def test_what_a_place_follows_from_is_bounded() -> None:
    assert leading("样" * 120) == "样" * 120 and leading("样" * 121) == "样" * 120
