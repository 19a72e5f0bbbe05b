"""Whose data is forgotten with time: reporters, reviewers, accounts, endpoints of units, contacts of organisations."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.measures.dates import add_years
from app.measures.retention import DataClass, Hold
from app.store.identity import Account, AccountSession, KnownOrigin
from app.store.organisations import Organisation
from app.store.recommendations.webhooks import Webhook
from app.store.reviewers import ConflictOfInterest, Reviewer
from app.store.supervision import MarkReportOriginal
from sandbox.seed import EPOCH, PASSWORD
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import release
from sandbox.stages.supervision import assign_report_investigator, summarise_report
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.retention import MARK, anonymise, done, go, one, rows


def test_a_report_is_forgotten_when_it_was_followed_up_long_ago(world: World) -> None:
    body = {
        "kind": "forgery",
        "subject": "样例：某门店",
        "description": "样例：悬挂伪造的奖牌。",
        "reporter_name": "样例举报人",
        "reporter_contact": "0797-5611111",
    }
    for _ in range(2):
        ok(world.public.post("/v1/mark-reports", body), 201)
    first, second = (item["id"] for item in ok(world.office.get("/v1/mark-reports"))["items"])
    path = f"/v1/mark-reports/{first}"
    assign_report_investigator(world, path)
    summarise_report(world, path)
    ok(world.office.post(f"{path}/follow-up", {"text": "样例：已查处"}))
    day = world.clock.today
    go(world, add_years(day, 5))
    assert DataClass.MARK_REPORT_ORIGINAL not in done(world)
    go(world, add_years(day, 5) + timedelta(days=1))
    found = anonymise(world)
    assert found is not None
    # The other was never followed up: however old, it is a pending case.
    assert found.done[DataClass.MARK_REPORT_ORIGINAL] == 1 and found.held[Hold.CASE_OPEN] == 1
    original = one(world, MarkReportOriginal, MarkReportOriginal.report_id == UUID(first))
    assert {original.subject, original.description, original.name, original.contact} == {MARK}
    assert one(world, MarkReportOriginal, MarkReportOriginal.report_id == UUID(second)).name == "样例举报人"
    release(world, path)
    told = ok(world.office.post(f"{path}/identity-disclosure", {"reason": "样例：核实举报"}))
    assert told["name"] == told["description"] == MARK


def test_a_reviewer_and_then_the_account_are_forgotten(world: World) -> None:
    key = UUID(world.id("reviewer:reviewer1"))
    with world.past_the_service() as session:
        session.execute(update(Reviewer).where(Reviewer.id != key).values(qualified_until=date(2060, 1, 1)))
        session.execute(
            update(Reviewer).where(Reviewer.id == key).values(qualified_until=date(2024, 2, 29), employer="样例单位")
        )
        session.commit()
    conflict = {"uscc": "91360733MA35AAAA0A", "kind": "kinship", "description": "样例：亲属"}
    ok(world.by("reviewer1").post("/v1/conflict-declarations", conflict), 201)
    go(world, date(2029, 2, 28))
    assert DataClass.REVIEWER not in done(world)
    go(world, date(2029, 3, 1))
    found = done(world)
    # In the same run: the pool knows nobody by that account any more.
    assert found[DataClass.REVIEWER] == 1
    row = one(world, Reviewer, Reviewer.id == key)
    assert (row.name, row.expertise, row.employer, row.employer_uscc) == (MARK, MARK, MARK, None)
    assert one(world, ConflictOfInterest).description == MARK
    account = one(world, Account, Account.id == row.account_id)
    assert account.anonymised and account.display_name == MARK and account.secret_hash is None
    # The others of the pool have not signed in for as long, and are kept as long as the pool knows them.
    assert not one(world, Account, Account.login == "reviewer2").anonymised
    listed = ok(world.office.get(f"/v1/reviewers/{key}"))
    assert listed["name"] == MARK


def sign_in(world: World, login: str) -> Any:
    form = {"grant_type": "password", "username": login, "password": PASSWORD}
    return world.public.request("POST", "/v1/tokens", data=form)


def test_an_account_out_of_use_is_forgotten_and_one_in_use_is_not(world: World) -> None:
    ok(sign_in(world, "unit-wenwuba"))
    used = world.clock.today
    state: Any = world.client.app.state  # type: ignore[attr-defined]
    # Its session is swept out long before, and what remains of it is the instant.
    world.clock.forward(days=200)
    world.client.portal.call(state.sweeper.sweep)  # type: ignore[union-attr]
    assert not rows(world, AccountSession) and not rows(world, KnownOrigin)
    key = UUID(world.id("account:unit-wenwuba"))
    assert one(world, Account, Account.id == key).last_used_at.date() <= used
    go(world, add_years(used, 5))
    done(world)
    assert not one(world, Account, Account.id == key).anonymised
    # One that nobody has ever used since it was made is due from then on.
    assert one(world, Account, Account.id == UUID(world.id("account:department-tax"))).anonymised
    go(world, add_years(used, 5) + timedelta(days=1))
    assert done(world)[DataClass.ACCOUNT] == 1
    row = one(world, Account, Account.id == key)
    assert row.anonymised and row.deactivated_at is not None and row.login == f"anonymised-{key.hex}"
    refused(sign_in(world, "unit-wenwuba"), 400)
    refused(sign_in(world, row.login), 400)
    for act in ("activation", "invitations", "second-factor/removal"):
        refused(world.office.post(f"/v1/accounts/{key}/{act}", {"reason": "样例：误停用"}), 404)
    assert not one(world, Account, Account.login == "payment_platform").anonymised


def test_a_webhook_is_forgotten_a_year_after_its_end(world: World) -> None:
    unit = world.by("unit-wenwuba")
    url = "https://hooks.example.org/award"
    made = [ok(unit.post("/v1/webhooks", {"url": url}), 201)["id"] for _ in range(2)]
    ok(unit.post(f"/v1/webhooks/{made[0]}/deactivation"))
    day = world.clock.today
    go(world, add_years(day, 1))
    assert DataClass.WEBHOOK not in done(world)
    go(world, add_years(day, 1) + timedelta(days=1))
    assert done(world)[DataClass.WEBHOOK] == 1
    found = {str(item.id): item for item in rows(world, Webhook)}
    assert found[made[0]].url == found[made[0]].secret == MARK and found[made[1]].url == url
    refused(unit.post(f"/v1/webhooks/{made[0]}/activation"), 404)


def test_an_organisation_that_comes_back_is_forgotten_again(world: World) -> None:
    held = concluded(world, {})
    winner = held.winners[0]
    key = UUID(winner.organisation_id)
    contact = {"contact_name": "样例联系人", "contact_phone": "0797-5600000"}
    with world.past_the_service() as session:
        stated = session.execute(select(Organisation).where(Organisation.id == key)).scalar_one()
        stated.contact_name, stated.contact_phone = contact["contact_name"], contact["contact_phone"]
        session.execute(update(Account).where(Account.organisation_id == key).values(last_used_at=EPOCH))
        session.commit()
    over = add_years(add_years(held.decreed_on, 3), 5)
    go(world, over)
    assert DataClass.ORGANISATION_CONTACT not in done(world)
    go(world, over + timedelta(days=1))
    assert done(world)[DataClass.ORGANISATION_CONTACT] == 1
    row = one(world, Organisation, Organisation.id == key)
    assert (row.contact_name, row.contact_phone) == (MARK, MARK) and row.name == winner.name
    # Somebody signs in for it and states it anew: from then on its time begins again.
    account = one(world, Account, Account.organisation_id == key)
    with world.past_the_service() as session:
        stated = session.execute(select(Organisation).where(Organisation.id == key)).scalar_one()
        stated.contact_name, stated.contact_phone = contact["contact_name"], contact["contact_phone"]
        session.execute(update(Account).where(Account.id == account.id).values(last_used_at=world.clock.now()))
        session.commit()
    back = world.clock.today
    go(world, add_years(back, 5))
    assert DataClass.ORGANISATION_CONTACT not in done(world)
    assert one(world, Organisation, Organisation.id == key).contact_name == contact["contact_name"]
    go(world, add_years(back, 5) + timedelta(days=1))
    assert done(world)[DataClass.ORGANISATION_CONTACT] == 1
