"""Arts. 6, 13, 21, 22, 33: each refusal that the decree can give names an act, and the act answers 2xx. Every reason of
every rule that the decree asks is brought about, the act that it names is done by those whose it is, and the decree
follows; a reason that cannot come up any more on that day says why."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.measures.state_machines import ROUND
from sandbox.stages.applications import Applied, eligible_content
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    object_to,
    scan_letter,
)
from sandbox.stages.law import interpret
from sandbox.stages.parties import Registered, succeed, verify
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_art06_turned_awards import approved_repeat, over, revoke
from tests.api.test_art12_industry import found_false, listed_beyond
from tests.api.test_art13_facts_of_the_day import ELSEWHERE, approved, change, dissolve, remove, withdraw, withdrawn
from tests.api.test_art13_grounds_after_the_list import verdict
from tests.api.test_art13_verified_anew import patch
from tests.api.test_art22_dated_back import dismissed_since
from tests.api.test_art22_decrees_papers import approved as approved_asking
from tests.api.test_art22_facts_on_a_stated_day import moved_and_back
from tests.support.decree_reasons import ELSEWHERE_ONLY
from tests.support.problems import refused

Pair = tuple[str, str]
# A round that is approved, and what of the decree's body is not as usual.
Made = tuple[Evaluated, dict[str, Any]]
TELLING = Path(__file__).parent.parent / "measures" / "reasons_told.json"


def letter(world: World, made: Evaluated) -> str:
    """A letter of the first day of the publicity, entered now."""
    listed = candidates(world, made.round_id)[made.ids[0]]
    body = OBJECTION | {"received_on": listed["published_on"], "letter_reference": "样例收文1号"}
    return str(ok(world.office.post(f"/v1/candidates/{listed['id']}/letters", body), 201)["objection_id"])


def after(trouble: Callable[[World, Evaluated, Applied], object]) -> Callable[[World], Made]:
    """An approved round, to whose first name something happens."""

    def made(world: World) -> Made:
        found, _ = approved(world, Contender(score="800"), Contender(score="700"))
        trouble(world, found, found.applied[0])
        return found, {}

    return made


def changed(**changes: Any) -> Callable[[World], Made]:
    return after(lambda world, _, applied: change(world, applied, changes))


def record(world: World, applied: Applied, category: str, **more: Any) -> Any:
    body = {
        "category": category,
        "fact": "样例事故",
        "source": "应急管理局",
        "basis": "样例文书",
        "occurred_on": world.clock.today.isoformat(),
    }
    made = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    if more:
        ok(applied.applicant.post(f"/v1/adverse-records/{made['id']}/reply", {"reply": "样例陈述"}))
        ok(decide_record(world, made, **more))
    return made


def objected(world: World, made: Evaluated, _: Applied) -> None:
    scan_letter(world, letter(world, made))


def upheld(world: World, made: Evaluated, _: Applied) -> None:
    key = letter(world, made)
    scan_letter(world, key)
    close_objection(world, key, "upheld")


def credential(kind: str) -> Callable[[World], Made]:
    """Withdrawn before its end, on record."""

    def trouble(world: World, made: Evaluated, applied: Applied) -> None:
        content = ok(world.office.get(f"/v1/applications/{applied.id}"))["content"]
        number = {
            "certificate": content["certificates"][0]["number"],
            "licence": content["licences"][0]["number"],
            "safety": content["safety"]["certificate_number"],
        }[kind]
        withdrawn(world, applied, kind, number, world.clock.today.isoformat())

    return after(trouble)


def expiring(content: dict[str, Any]) -> Callable[[World], Made]:
    """What it holds ends between approval and decree."""

    def made(world: World) -> Made:
        found, _ = approved(world, Contender(score="800", content=content), Contender(score="700"))
        world.clock.go("2024-06-04")
        return found, {}

    return made


def found_against(rule: str) -> Callable[[World], Made]:
    return after(lambda world, _, applied: ok(verdict(world, applied.id, rule, "fail"), 201))


def flagged(rule: str, do: Callable[[World, Applied], object]) -> Callable[[World], Made]:
    """Something makes the service ask, and the office decides that it does not hold."""

    def trouble(world: World, _: Evaluated, applied: Applied) -> None:
        do(world, applied)
        ok(verdict(world, applied.id, rule, "fail"), 201)

    return after(trouble)


def an_earlier_award(world: World) -> Made:
    past = concluded(world, {}, year=2022, ordinal=1, decreed_on="2022-06-03", decree_number="会府字〔2022〕1号")
    found, _ = approved(world, Contender(score="800"), Contender(score="700"))
    now = Registered(found.applied[0].organisation_id, found.applied[0].applicant)
    succeed(world, now, Registered(past.winners[0].organisation_id, past.winners[0].applicant))
    return found, {}


def excluded_meanwhile(world: World) -> Made:
    found, _, past, old = approved_repeat(world, "800")
    revoke(world, past, old)
    return found, {}


def one_too_many(world: World) -> Made:
    found, _, past, _ = approved_repeat(world, "800", "700")
    over(world, past)
    return found, {}


def a_name_waits(world: World) -> Made:
    """An objection to one name was open when the list was fixed."""
    found = in_publicity(world, Contender(score="800"), Contender(score="700"))
    object_to(world, candidates(world, found.round_id)[found.ids[0]]["id"])
    fix_proposed(world, found.round_id)
    approve(world, found.round_id)
    return found, {}


def nobody_left(world: World) -> Made:
    """The only name is left to a later decree."""
    found, awards = approved(world)
    scan_letter(world, letter(world, found))
    deferred = {"candidate_id": awards[found.ids[0]]["candidate_id"], "reason": "样例"}
    return found, {"deferred": [deferred]}


def left_without_case(world: World) -> Made:
    found, awards = approved(world, Contender(score="800"), Contender(score="700"))
    return found, {"deferred": [{"candidate_id": awards[found.ids[0]]["candidate_id"], "reason": "样例"}]}


def asking(world: World) -> Made:
    return Evaluated(approved_asking(world, "issuer"), []), {}


def lapsed(world: World) -> Made:
    found = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    fix_proposed(world, found.round_id)
    world.clock.go("2025-07-01")
    approve(world, found.round_id, meeting_on="2025-06-30")
    return found, {}


def stated(**body: Any) -> Callable[[World], Made]:
    return lambda world: (approved(world)[0], body)


def refuse_malformed(world: World) -> Made:
    """The register refuses numbers that are not written as such."""
    interpret(world, "document_numbers", "refuse_malformed")
    return approved(world)[0], {"number": "第12号"}


def a_reason_that_does_not_hold(world: World) -> Made:
    """The association's reason to recommend beyond its industry is found false."""
    round_id, applied = listed_beyond(world)
    fix_proposed(world, round_id)
    approve(world, round_id)
    found_false(world, applied)
    return Evaluated(round_id, [applied]), {}


TROUBLES: dict[Pair, Callable[[World], Made]] = {
    ("art04.recipient", "recipient_barred"): changed(legal_form="social_association"),
    ("art04.merit", "decided_against"): found_against("art04.merit"),
    ("art06.interval", "interval_not_over"): an_earlier_award,
    ("art06.seats", "seat_cap_exceeded"): one_too_many,
    ("art12.jurisdiction", "decided_against"): a_reason_that_does_not_hold,
    ("art13.1.identity", "registration_changed"): after(
        lambda world, _, applied: patch(applied, {"registered_address": "会昌县样例路2号"})
    ),
    ("art13.1.local", "not_registered_locally"): changed(**ELSEWHERE),
    ("art13.1.local", "address_in_other_county"): changed(registered_address="江西省赣州市于都县贡江镇样例路1号"),
    ("art13.1.legal_person", "legal_personality_missing"): changed(legal_form="branch"),
    ("art13.1.legal_person", "credit_code_of_other_form"): changed(legal_form="farmers_cooperative"),
    ("art13.1.legal_person", "organisation_dissolved"): after(lambda world, _, applied: ok(dissolve(world, applied))),
    ("art13.1.age", "established_too_recently"): changed(established_on="2023-05-20"),
    ("art13.2.compliance", "decided_against"): found_against("art13.2.compliance"),
    ("art13.1.identity", "decided_against"): flagged(
        "art13.1.identity", lambda world, applied: patch(applied, {"registered_address": "会昌县样例路2号"})
    ),
    ("art13.1.legal_person", "decided_against"): flagged(
        "art13.1.legal_person", lambda world, applied: change(world, applied, {"legal_form": "farmers_cooperative"})
    ),
    ("art13.1.local", "decided_against"): flagged(
        "art13.1.local",
        lambda world, applied: change(world, applied, {"registered_address": "江西省赣州市于都县贡江镇样例路1号"}),
    ),
    ("art13.2.compliance", "credential_withdrawn"): credential("licence"),
    ("art13.2.compliance", "licence_expired"): expiring(
        {"licences": [{"kind": "排污许可证", "number": "SAMPLE-L-9", "valid_to": "2024-06-03", "required": True}]}
    ),
    ("art13.3.certified", "credential_withdrawn"): credential("certificate"),
    ("art13.3.certified", "certificate_not_valid"): expiring(
        {"certificates": [eligible_content(2024)["certificates"][0] | {"valid_to": "2024-06-03"}]}
    ),
    ("art13.4.safety", "credential_withdrawn"): credential("safety"),
    ("art13.4.safety", "safety_certificate_expired"): expiring(
        {"safety": {"level": 3, "certificate_number": "SAMPLE-S-9", "valid_to": "2024-06-03"}}
    ),
    ("art13.4.leading", "decided_against"): found_against("art13.4.leading"),
    ("art13.5.distinctive", "decided_against"): found_against("art13.5.distinctive"),
    ("art13.6.record", "verification_open"): after(lambda world, _, applied: record(world, applied, "fatal_accident")),
    ("art13.6.record", "adverse_record"): after(
        lambda world, _, applied: record(world, applied, "fatal_accident", attributable=True)
    ),
    ("exclusions", "excluded"): excluded_meanwhile,
    ("art21.objections", "letter_not_scanned"): after(lambda world, made, _: letter(world, made)),
    ("art21.objections", "objection_open"): after(objected),
    ("art21.objections", "objection_open_then"): dismissed_since,
    ("art21.objections", "objection_upheld"): after(upheld),
    ("art22.approval", "all_deferred"): nobody_left,
    ("art22.approval", "asked_for_missing"): asking,
    ("art22.approval", "before_meeting"): stated(dated="2024-05-01"),
    ("art22.approval", "deferred_without_case"): left_without_case,
    ("art22.approval", "document_number_malformed"): refuse_malformed,
    ("art22.approval", "document_number_year_differs"): stated(number="会府字〔2023〕12号"),
    ("art22.approval", "held_that_day"): moved_and_back,
    ("art22.approval", "names_waiting"): a_name_waits,
    ("art22.approval", "not_issued_by_the_government"): stated(issuer="会昌县市场监督管理局"),
    ("art22.approval", "published_before_decree"): stated(published_on="2024-05-01"),
    ("art33.in_force", "transitional_basis_missing"): lapsed,
}

# What is stated otherwise, where the remedy is in the decree's own body.
STATED: dict[str, dict[str, Any]] = {
    "asked_for_missing": {"issuer": "会昌县人民政府"},
    "before_meeting": {"dated": None},
    "objection_open_then": {"dated": None},
    "held_that_day": {"dated": None},
    "not_issued_by_the_government": {"issuer": "会昌县人民政府"},
    "all_deferred": {"deferred": None},
    "deferred_without_case": {"deferred": None},
    "document_number_malformed": {"number": None},
    "document_number_year_differs": {"number": None},
    "published_before_decree": {"published_on": None},
    "transitional_basis_missing": {"transitional_basis": "样例：县政府专题会议纪要"},
}

# Of the order of acts, and of files: 409, or not of the decree at all.
_BY_STATE = {"act_missing", "act_replaced", "state_final", "state_passed"}


# What the decree asks and no guard names: guards are asked of every organisation.
_BESIDE_THE_GUARDS = {
    "art04.merit",
    "art12.jurisdiction",
    "art13.1.identity",
    "art13.4.leading",
    "art13.4.non_profit",
    "art13.5.distinctive",
    "art21.objections",
}


def refusing() -> Iterator[Pair]:
    """Every reason by which a rule that the decree asks can refuse, wherever it is asked."""
    asked = {*ROUND.transition("issue_decree").guards, *_BESIDE_THE_GUARDS}
    for case in json.loads(TELLING.read_text(encoding="utf-8")):
        if case["rule"] in asked and case["outcome"] != "pass" and case["reason"] not in _BY_STATE:
            yield case["rule"], case["reason"]


def test_art22_every_reason_is_brought_about_or_cannot_come_up() -> None:
    left = {pair for pair in refusing() if pair not in TROUBLES and not pair[1].startswith("file_")}
    assert {pair for pair in left if pair[1] not in ELSEWHERE_ONLY} == set()
    assert set(ELSEWHERE_ONLY) <= {reason for _, reason in refusing()}
    assert set(TROUBLES) <= set(refusing())


class Walk:
    """Does what each refusal names, and nothing else, until the decree is there."""

    def __init__(self, world: World, made: Evaluated, body: dict[str, Any]) -> None:
        self.world, self.made = world, made
        today = world.clock.today.isoformat()
        self.usual = {"number": f"会府字〔{today[:4]}〕12号", "dated": today}
        self.body = self.usual | body
        self.meetings = 45

    def decree(self) -> Any:
        body = {key: value for key, value in self.body.items() if value is not None}
        return self.world.government.post(f"/v1/rounds/{self.made.round_id}/decree", body)

    def to_the_decree(self) -> list[dict[str, Any]]:
        """The refusals on the way."""
        met: list[dict[str, Any]] = []
        while (answer := self.decree()).status_code != 201:
            assert len(met) < 12, [(item["reason"], item["facts"].get("next_act")) for item in met]
            self.does(answer.json(), met)
        return met

    def does(self, problem: dict[str, Any], met: list[dict[str, Any]]) -> None:
        """The act that the first refusal names; where it is refused itself, what that names first."""
        violation = problem["violations"][0]
        met.append(violation)
        assert violation["remedy_zh"] and violation["remedy_en"], violation
        if violation["reason"] in STATED:
            for name, value in STATED[violation["reason"]].items():
                self.body[name] = self.usual.get(name) if value is None else value
            return
        facts = violation["facts"]
        assert facts.get("next_act") and facts["next_by"], violation
        answer = getattr(self, facts["next_act"])(violation)
        if answer is not None and answer.status_code >= 400:
            self.does(answer.json(), met)

    def applied(self, violation: dict[str, Any]) -> Applied:
        def name(item: Applied) -> str:
            return str(ok(self.world.office.get(f"/v1/organisations/{item.organisation_id}"))["name"])

        named = violation["facts"].get("organisation")
        # Of seats nobody is named: the government chooses.
        return next(item for item in self.made.applied if named in (None, name(item)))

    def withdraw_award(self, violation: dict[str, Any]) -> Any:
        awards = ok(self.world.government.get(f"/v1/rounds/{self.made.round_id}/approval"))["awards"]
        applied = self.applied(violation)
        award = next(item for item in awards if item["application_id"] == applied.id)
        return withdraw(self.world, award["id"], violation["rule"])

    def decide_conditions(self, violation: dict[str, Any]) -> Any:
        return verdict(self.world, self.applied(violation).id, violation["rule"], "pass")

    def verify_organisation(self, violation: dict[str, Any]) -> Any:
        key = self.applied(violation).organisation_id
        verify(self.world, ok(self.world.office.get(f"/v1/organisations/{key}")))

    def confirm_adverse_record(self, violation: dict[str, Any]) -> Any:
        applied = self.applied(violation)
        for item in ok(self.world.office.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]:
            if item["finding"] == "open":
                ok(applied.applicant.post(f"/v1/adverse-records/{item['id']}/reply", {"reply": "样例陈述"}))
                ok(decide_record(self.world, item, attributable=True))

    def upload_objection_file(self, violation: dict[str, Any]) -> Any:
        for key in violation["facts"]["objections"]:
            scan_letter(self.world, key)

    def decide_objection(self, violation: dict[str, Any]) -> Any:
        for key in violation["facts"]["objections"]:
            close_objection(self.world, key, "dismissed")

    def fix_proposed_list(self, _: dict[str, Any]) -> Any:
        return self.world.office.post(f"/v1/rounds/{self.made.round_id}/proposed-list")

    def approve_awards(self, _: dict[str, Any]) -> Any:
        # What one meeting has decided is recorded once: each is a meeting of its own.
        self.meetings += 1
        body = approval(self.world, meeting_number=f"样例第{self.meetings}次县政府常务会议")
        return self.world.government.post(f"/v1/rounds/{self.made.round_id}/approval", body)


@pytest.mark.parametrize("pair", sorted(TROUBLES), ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_art22_each_refusal_of_the_decree_has_an_act_that_answers(world: World, pair: Pair) -> None:
    made, body = TROUBLES[pair](world)
    walk = Walk(world, made, body)
    answer = walk.decree()
    assert answer.status_code == 422, answer.text
    first = answer.json()["violations"]
    assert pair in {(item["rule"], item["reason"]) for item in first}, first
    walk.to_the_decree()
    assert ok(world.office.get(f"/v1/rounds/{made.round_id}"))["state"] == "concluded"


BEFORE: dict[str, Callable[[World, Applied], object]] = {
    "art13.1.local": lambda world, applied: change(world, applied, ELSEWHERE),
    "art13.1.legal_person": lambda world, applied: ok(dissolve(world, applied)),
    "art13.4.leading": lambda world, applied: ok(verdict(world, applied.id, "art13.4.leading", "fail"), 201),
}


@pytest.mark.parametrize("rule", sorted(BEFORE))
@pytest.mark.parametrize("act", ["proposed-list", "approval"])
def test_art21_art22_each_refusal_of_list_and_approval_has_its_act_too(world: World, act: str, rule: str) -> None:
    made = in_publicity(world, Contender(score="800"))
    body = None
    if act == "approval":
        fix_proposed(world, made.round_id)
        body = approval(world)
    BEFORE[rule](world, made.applied[0])
    if act == "proposed-list":
        after_publicity(world, made.round_id)
    caller = world.government if act == "approval" else world.office
    told = refused(caller.post(f"/v1/rounds/{made.round_id}/{act}", body), 422, "rule_refused", rule)
    (violation,) = told["violations"]
    named = violation["facts"]["next_act"], violation["facts"]["next_by"]
    if body is None:
        assert named == ("remove", ["office"])
        ok(remove(world, made.ids[0], rule))
    else:
        # The government leaves the name out.
        assert named == ("approve_awards", ["government"])
        first = candidates(world, made.round_id)[made.ids[0]]["id"]
        body = body | {"not_approved": [{"candidate_id": first, "reason": "样例"}]}
    ok(caller.post(f"/v1/rounds/{made.round_id}/{act}", body), 201)
