"""Objections (Art. 21): who objects and says something, which is formal, how one is
closed, and what an open one stops; who investigates one, and what everybody else reads of it (Art. 29)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.measures.dates import end_of_day, to_come
from app.measures.designations import designates
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.plain import Facts, words
from app.measures.publicity import Period
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import OPEN_OBJECTION_STATES, AwardState, ObjectionState
from app.measures.stated_days import begun_by
from app.measures.text import is_digit, is_letter, one_bracket, same_document
from app.measures.writers import NOBODY, copied, is_called, letters_of, read_out, told_of_the_writer

# What says that something is said, and not what.
_EMPTY_WORDS = re.compile(
    "匿名|实名|举报|异议|投诉|反映|申诉|意见|问题|情况|没有|有|无|"  # house: sentences
    "内容|如题|详见|见?附件(?:材料)?|object(?:ion)?|complaint"  # house: sentences
)
# Of an objection beside these: that somebody is against it, and wants something done, but not why.
_STANCE = re.compile(
    "反对|不同意|不赞成|不赞同|不认可|不接受|不服|抗议|坚决|强烈|非常|十分|"  # house: sentences
    "不公[平正]?|黑幕|垃圾|差评|"  # house: sentences
    "获奖|得奖|评奖|授奖|拿奖|上榜|入选|候选|名单|资格|取消|不应该?|不应当|不该|不能|不配|凭什么|"  # house: sentences
    "请|要求|彻查|严查|查处|核实|调查|处理|因为|(?:该|此|这个?|这家|本)(?:公司|企业|单位|组织)|"  # house: sentences
    "[我他它]们?|呵+|哈+|strongly|disagree|against|oppose|protest|unfair"  # house: sentences
)
# Who is told by what he is or does, and not named.
_DESCRIBED = re.compile("的(?:.{0,2}[人者士民众友员工])?$")  # house: sentences
# What parts a name from what its bearer says of himself.
_APART = re.compile(r"[,;:/|()、。\n]+")  # house: sentences
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
# A postal address: a place and a number in it; who writes on paper gives nothing else.
_ADDRESS = re.compile(r"[县区镇乡村街路道巷坊].*[\d一二三四五六七八九十百]+[号室栋幢楼组]")  # house: sentences
# The account of a service for messages.
_SERVICE = re.compile(
    r"(?:微信|qq|扣扣|wechat|weixin|[vw]x)[^\w]*号?[^\w]*[a-z0-9][\w-]{4,}",  # house: sentences
    re.IGNORECASE,
)
# The shortest telephone number without an area code that the county knows has seven digits.
_TELEPHONE_DIGITS = 7
_ONE_DAY = timedelta(days=1)


class ObjectionClass(StrEnum):
    """formal: verified and closed with a reason, blocks while open. informal: kept and answered, blocks nothing."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Lacking(StrEnum):
    """What a person finds lacking in an objection; that it is late needs none."""

    NAME = "name"
    CONTACT = "contact"
    FACTS = "facts"


JUDGED = frozenset(Lacking)


class ObjectionLack(StrEnum):
    """What makes an objection an informal one (Art. 21). scan: what a letter lacks until its scan is with the case."""

    NAME = Lacking.NAME.value
    CONTACT = Lacking.CONTACT.value
    FACTS = Lacking.FACTS.value
    LATE = "late"
    EARLY = "early"
    SCAN = "scan"


class ObjectionOutcome(StrEnum):
    """How a formal objection is decided; its state is the same word."""

    UPHELD = ObjectionState.UPHELD.value
    DISMISSED = ObjectionState.DISMISSED.value
    INADMISSIBLE = ObjectionState.INADMISSIBLE.value


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """One objection as it came in: aware instant of receipt; name, contact and facts, in simplified characters, may be
    empty. `scanned`: False for a letter whose scan is not with the case."""

    received_at: datetime
    name: str
    contact: str
    facts: str
    scanned: bool = True


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    kind: ObjectionClass
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class ObjectionRecord:
    """An objection on file: `state` is one of its state machine, `reason` the one it was closed with. `awaits_scan`: a
    letter that lacks nothing but its scan. `ended_on`: the day (Shanghai) on which it ceased to hold its organisation:
    a formal one as it was closed or judged an informal one, a letter without its scan as it was answered; None: it
    holds it, or never did."""

    id: str
    organisation: str
    state: ObjectionState
    reason: str = ""
    awaits_scan: bool = False
    ended_on: date | None = None

    @property
    def holds(self) -> bool:
        """Whether its organisation waits for the end of it (Art. 21)."""
        return self.state in OPEN_OBJECTION_STATES or (self.state == ObjectionState.INFORMAL and self.awaits_scan)

    def ended_after(self, day: date) -> bool:
        """Whether it still held its organisation on `day` and does no more: what ends it counts from its own day."""
        ended = self.state != ObjectionState.UPHELD and self.ended_on is not None
        return ended and not begun_by(day, self.ended_on)


@rule("art21.objections")
def objection_class(*, objection: ObjectionFacts, period: Period) -> ObjectionAnswer:
    """Formal with a name that is one, a contact by which somebody is reached and facts that say something, received
    from the day of publication to the period's last second, a letter with its scan; any other is kept as an informal
    objection, never refused (Art. 21). Fact `lacking` names what makes it an informal objection."""
    lacking = [
        name
        for name, given in (
            (ObjectionLack.NAME, is_name(objection.name)),
            (ObjectionLack.CONTACT, is_contact(objection.contact)),
            (ObjectionLack.FACTS, states_facts(objection.facts)),
        )
        if not given
    ]
    if objection.received_at >= period.ends_at:
        lacking.append(ObjectionLack.LATE)
    if objection.received_at < end_of_day(period.published_on - _ONE_DAY):
        lacking.append(ObjectionLack.EARLY)
    if not objection.scanned:
        lacking.append(ObjectionLack.SCAN)
    facts: Facts = {
        "received_at": objection.received_at.isoformat(),
        "ends_at": period.ends_at.isoformat(),
        "lacking": lacking,
    }
    if lacking:
        reason = Reason.LETTER_AWAITS_SCAN if lacking == [ObjectionLack.SCAN] else Reason.KEPT_AS_INFORMAL
        return ObjectionAnswer(ObjectionClass.INFORMAL, [passes("art21.objections", reason, **facts)])
    return ObjectionAnswer(
        ObjectionClass.FORMAL,
        [passes("art21.objections", Reason.FORMAL_OBJECTION, **facts)],
    )


@rule("art21.objections")
def judged_formal(*, objection: ObjectionFacts, period: Period) -> list[Finding]:
    """Whether an informal objection can be judged a formal one by its investigator (Art. 21): that it has a name, gives
    a way to reach somebody and states something is a person's to say, that it came in time is not. Fact `lacking`."""
    told = objection_class(objection=objection, period=period).findings[0].facts["lacking"]
    lacking = [item for item in words(told) if item not in JUDGED]
    if lacking == [ObjectionLack.SCAN]:
        return [fails("art21.objections", Reason.LETTER_NOT_SCANNED, next_act="upload_objection_file")]
    if lacking:
        return [fails("art21.objections", Reason.STAYS_INFORMAL, lacking=lacking)]
    return [passes("art21.objections", Reason.JUDGED_FORMAL)]


@rule("art21.objections")
def judged_informal(*, lacking: Sequence[str]) -> list[Finding]:
    """An objection is judged an informal one by its investigator, who says what it lacks: a name, a contact, or facts
    (Art. 21)."""
    if not lacking or not set(lacking) <= set(JUDGED):
        return [fails("art21.objections", Reason.LACK_NOT_STATED, lacking=list(lacking))]
    return [passes("art21.objections", Reason.JUDGED_INFORMAL, lacking=list(lacking))]


@rule("art21.objections")
def read_before_judgement(*, assigned: bool, read: bool, investigator: bool, summarised: bool) -> list[Finding]:
    """Whoever judges an objection knows it: its class, that it is inadmissible, what an informal one is answered. Its
    investigator, who has `read` it, or others on the investigator's summary (Art. 21)."""
    if not assigned:
        return has_investigator(assigned=False)
    if not read:
        return [fails("art21.objections", Reason.ORIGINAL_UNREAD)]
    if not investigator and not summarised:
        return [fails("art21.objections", Reason.NOT_ITS_INVESTIGATOR)]
    return [passes("art21.objections", Reason.ORIGINAL_READ)]


@rule("art21.objections")
def asked_when_upheld(*, award_state: AwardState | None, case_opened: bool) -> list[Finding]:
    """What an objection that was upheld asks of others (Arts. 21, 22, 26, 28), where the list is not the end of it: an
    approved award is the government's to withdraw; one that has been conferred stands until a case of revocation says
    otherwise (`case_opened`: there has been one since). Nothing is found where nothing is due."""
    if award_state is AwardState.APPROVED:
        due = {"decides": "government", "next_act": "withdraw_award"}
        return [needs_decision("art21.objections", Reason.WITHDRAWAL_DUE, **due)]
    if award_state is AwardState.CONFERRED and not case_opened:
        return [needs_decision("art21.objections", Reason.CASE_DUE, decides="office", next_act="open_revocation")]
    return []


@rule("art21.objections")
def letter_dated(*, received_on: date, published_on: date, today: date) -> list[Finding]:
    """Whether the day (Shanghai) on which an objection on paper came in can be its day: not before the name was first
    published, not still to come. In the period it is in time, whoever entered it later (Art. 21)."""
    facts: Facts = {"received_on": received_on.isoformat(), "published_on": published_on.isoformat()}
    if received_on < published_on:
        return [fails("art21.objections", Reason.LETTER_BEFORE_PUBLICATION, **facts)]
    if to_come([received_on], today):
        return [fails("art21.objections", Reason.DATE_IN_FUTURE, days=[received_on.isoformat()], **facts)]
    return [passes("art21.objections", Reason.LETTER_IN_ORDER, **facts)]


@rule("art21.objections")
def letter_entered_once(*, reference: str, known: Mapping[str, str]) -> list[Finding]:
    """Whether the mark of a letter is none under which one has been entered for this candidate: one letter is one
    objection (Art. 21). `known`: the marks, by the objection's id. Nothing is found where none is the same."""
    return [
        fails("art21.objections", Reason.LETTER_KNOWN, number=mark, record_id=key)
        for key, mark in known.items()
        if same_document(mark, reference)
    ]


@rule("art21.objections")
def letter_complete() -> list[Finding]:
    """A letter has its scan, and lacked nothing else: it is a formal objection from then on (Art. 21)."""
    return [passes("art21.objections", Reason.LETTER_COMPLETE)]


@rule("art21.objections")
def objection_closable(*, upheld: bool, reason: str, verified_by: str) -> list[Finding]:
    """A formal objection is closed, either way, with who verified it and a reason (Art. 21)."""
    missing = [name for name, value in (("reason", reason), ("verified_by", verified_by)) if not value.strip()]
    if missing:
        return [fails("art21.objections", Reason.RECORD_INCOMPLETE, missing=missing, upheld=upheld)]
    return [passes("art21.objections", Reason.CLOSABLE, upheld=upheld)]


@rule("art21.objections")
def open_objections_block(
    *,
    organisation: str,
    objections: Iterable[ObjectionRecord],
    leaves_by: str = "remove_candidate",
    day: date | None = None,
) -> list[Finding]:
    """Whether objections stand between the organisation and the proposed list: an open formal one, an upheld one, one
    closed without a reason, a letter that lacks its scan alone (Art. 21): the objector has done what there was to do.
    Other informal ones, answered or not, never do. `leaves_by`: the act by which a name whose objection was upheld
    leaves at this step. `day`: that of the meeting or the decree (None: today): one that was closed after it was
    open then."""
    own = [item for item in objections if item.organisation == organisation]
    findings: list[Finding] = []
    waiting = [item.id for item in own if item.holds and item.state == ObjectionState.INFORMAL]
    if waiting:
        facts: Facts = {"organisation": organisation, "objections": waiting, "next_act": "upload_objection_file"}
        findings.append(fails("art21.objections", Reason.LETTER_NOT_SCANNED, **facts))
    for ids, reason in (
        ([item.id for item in own if item.state in OPEN_OBJECTION_STATES], Reason.OBJECTION_OPEN),
        ([item.id for item in own if item.state == ObjectionState.UPHELD], Reason.OBJECTION_UPHELD),
        (
            [item.id for item in own if item.state == ObjectionState.DISMISSED and not item.reason.strip()],
            Reason.DISMISSED_WITHOUT_REASON,
        ),
    ):
        if ids:
            told: Facts = {"organisation": organisation, "objections": ids}
            if reason is Reason.OBJECTION_UPHELD:
                told["next_act"] = leaves_by
            findings.append(fails("art21.objections", reason, **told))
    later = [] if day is None else [item for item in own if item.ended_after(day)]
    if day is not None and later:
        closed_on = max(item.ended_on or day for item in later).isoformat()
        told = {"organisation": organisation, "objections": [item.id for item in later], "day": day.isoformat()}
        findings.append(fails("art21.objections", Reason.OBJECTION_OPEN_THEN, closed_on=closed_on, **told))
    return findings or [
        passes("art21.objections", Reason.NO_OBJECTION, organisation=organisation, objections=[item.id for item in own])
    ]


@rule("art21.objections")
def investigator_fit(
    *, of_the_office: bool, recused: bool, replaces: bool = False, reason: str | None = None
) -> list[Finding]:
    """Whether an account can be the investigator of an objection (Art. 21, 29): `of_the_office`, an active account of
    a person there; not `recused` from an objection to the same organisation. Whoever `replaces` another needs the
    `reason` on record."""
    findings: list[Finding] = []
    if not of_the_office:
        findings.append(fails("art21.objections", Reason.INVESTIGATOR_NOT_OF_THE_OFFICE))
    if recused:
        findings.append(fails("art21.objections", Reason.INVESTIGATOR_RECUSED))
    if replaces and not (reason or "").strip():
        findings.append(fails("art21.objections", Reason.REPLACEMENT_WITHOUT_REASON))
    return findings or [passes("art21.objections", Reason.INVESTIGATOR_FIT, replaces=replaces)]


@rule("art21.objections")
def has_investigator(*, assigned: bool) -> list[Finding]:
    """Whether somebody looks into the objection: nobody else may read it, so none is verified before (Art. 21)."""
    if not assigned:
        return [fails("art21.objections", Reason.INVESTIGATOR_MISSING, next_act="assign_investigator")]
    return [passes("art21.objections", Reason.INVESTIGATOR_ASSIGNED)]


@rule("art21.objections")
def by_its_investigator(*, investigator: bool) -> list[Finding]:
    """Whether it is the objection's investigator who acts: nobody else has read it as it came (Art. 21)."""
    if not investigator:
        return [fails("art21.objections", Reason.NOT_ITS_INVESTIGATOR)]
    return [passes("art21.objections", Reason.ITS_INVESTIGATOR)]


@rule("art21.objections")
def has_summary(*, summarised: bool) -> list[Finding]:
    """Whether the investigator's summary is there: those who decide that an objection stands or not know it from
    nothing else (Art. 21)."""
    if not summarised:
        return [fails("art21.objections", Reason.SUMMARY_MISSING, next_act="summarise_objection")]
    return [passes("art21.objections", Reason.SUMMARY_GIVEN)]


@rule("art21.objections")
def names_no_objector(*, said: str, name: str | None, contact: str | None, original: str = "") -> list[Finding]:
    """Whether what is said for others to read by whoever knows the original leaves out who objected (Art. 21): the
    name, the contact in whatever writing, the numbers and addresses that stand in the original text; and whether it is
    said in words of its own."""
    told = told_of_the_writer(said=said, name=name, contact=contact, original=original)
    if told:
        return [fails("art21.objections", Reason.OBJECTOR_NAMED, told=told)]
    if copied(said=said, original=original):
        return [fails("art21.objections", Reason.ORIGINAL_COPIED)]
    return [passes("art21.objections", Reason.OBJECTOR_NOT_NAMED)]


def is_name(text: str) -> bool:
    """Whether it looks like somebody's name, or a part of it does: two letters or more that show and are not one over
    again, no words for nobody, and none by which somebody is told by what he is. The investigator judges whether it is
    one."""
    return any(map(_is_name, (text, *_APART.split(one_bracket(unicodedata.normalize("NFKC", text))))))


def _is_name(text: str) -> bool:
    letters = letters_of(text)
    if not is_called(text) or len(set(letters)) < 2:
        return False
    return not designates(letters) and _DESCRIBED.search(letters) is None


def is_contact(text: str) -> bool:
    """Whether it looks as if somebody could be reached by it: a mail address, the digits of a telephone number, a
    postal address, an account of a service that it names. The investigator judges whether somebody can."""
    plain = read_out(text)
    digits = [char for char in plain if char.isdigit()]
    if any(form.search(plain) for form in (_MAIL, _ADDRESS, _SERVICE)):
        return True
    return len(digits) >= _TELEPHONE_DIGITS and len(set(digits)) > 1


def says_something(text: str) -> bool:
    """Whether it looks as if it stated anything: two letters or more that show and are not one over again, beside words
    for an objection or for nothing."""
    letters = letters_of(text)
    return len(set(letters)) >= 2 and letters not in NOBODY and len(_EMPTY_WORDS.sub("", letters)) >= 2


def states_facts(text: str) -> bool:
    """Whether an objection looks as if it stated a fact: it says something beside that its writer is against it."""
    return says_something(text) and says_something(_STANCE.sub("", letters_of(text)))


def is_reference(text: str) -> bool:
    """Whether it looks as if it named a paper: a letter or a digit that shows, and no words for nothing."""
    signs = unicodedata.normalize("NFKC", text)
    return any(is_letter(char) or is_digit(char) for char in signs) and letters_of(text) not in NOBODY
