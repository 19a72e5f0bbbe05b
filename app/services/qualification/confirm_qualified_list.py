"""The confirmed list (Art. 17): every submitted application qualified or not, in one transaction, and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from anyio import to_thread
from anyio.lowlevel import checkpoint

from app.kernel import heap
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Refused, existing
from app.kernel.hashes import content_hash
from app.measures.call import applications_closed
from app.measures.catalogue import CATALOGUE
from app.measures.eligibility import Gate
from app.measures.findings import Finding, obstacles
from app.measures.plain import words
from app.measures.publicity import NoticeKind
from app.measures.qualification import list_confirmable, refusal_grounded
from app.measures.state_machines import APPLICATION, CORRECTION, ROUND, ApplicationState, CorrectionState
from app.measures.text import Text
from app.services.applications.run_gate import run_values
from app.services.applications.under_review import deadline_of
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, move, target_of
from app.services.notices.publish_notice import Medium, create_notice, without_fee
from app.services.organisations.names import names_of_the_day
from app.services.qualification.assess_application import Assessment, assess_many
from app.services.rounds.read_rounds import locked
from app.services.turns import in_slices, in_turns
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.applications.eligibility import keep_checks
from app.store.notices import Notice

# Applications read, decided and written at a time: their forms and findings take some 20 MiB.
SLICE = 400

# A refusal names this many items; the worklist shows them all.
_NAMED = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """An application that is not qualified, and the rules that refuse it, in their order."""

    application_id: UUID
    organisation: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfirmedList:
    """The notice, the names confirmed, and who was refused under which rules."""

    notice: Notice
    names: Sequence[str]
    refused: Sequence[Refusal]


@dataclass(slots=True)
class _Deciding:
    """One application on its way through the state machine; its state is written in bulk."""

    state: ApplicationState


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is kept of an application once it is decided: of ten thousand, not their forms and findings."""

    application_id: UUID
    state: ApplicationState
    organisation_id: UUID
    # Its name as it was submitted.
    organisation: str
    # Those that refuse it, in their order.
    rules: tuple[str, ...]

    @property
    def qualified(self) -> bool:
        return self.state == ApplicationState.QUALIFIED


@dataclass(slots=True)
class _Decided:
    """The list as far as it has come: what stands open on any application, and what was decided on the others."""

    # That the deadline has passed, or that it has not.
    closed: Sequence[Finding]
    applications: int = 0
    still_open: list[Finding] = field(default_factory=list)
    outcomes: list[_Outcome] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        """Nothing is in the way so far: what is decided may be written."""
        return not self.still_open and not obstacles(self.closed)


async def confirm_qualified_list(
    context: WriteContext, *, round_id: UUID, title: str, channels: Sequence[str]
) -> ConfirmedList:
    """Decide every submitted application at once, after the deadline. Refused with everything that is still open on any
    of them: an undecided condition, a department that has not replied, a correction whose time is running. No statement
    is for one application alone: rows are read and written in slices, none of which stays in memory."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "confirm_qualified_list") as doing:
        with heap.at_rest():
            decided = await _decide_all(context, row)
        confirmable = list_confirmable(applications=decided.applications, still_open=decided.still_open)
        media = [Medium(channel, context.today) for channel in channels]
        findings = [*without_fee(title=title, media=media), *decided.closed, *confirmable]
        # What was written of those that are decided goes with the transaction, where the list is refused.
        _refuse_open(findings)
        doing.hear(findings)
        confirmed = [item for item in decided.outcomes if item.qualified]
        refused = [
            Refusal(item.application_id, item.organisation, item.rules)
            for item in decided.outcomes
            if not item.qualified
        ]
        notice = await _publish(context, row, confirmed, title, media)
        doing.rest_on(round_readings(row), "facts_of_the_day", "endless_higher_award", "name_of_the_day")
        doing.tell(notice_id=notice.id, qualified=len(confirmed), not_qualified=len(refused))
        doing.tell(outcomes_hash=await to_thread.run_sync(_outcomes_hash, decided.outcomes))
    return ConfirmedList(notice, words(notice.body["names"]), refused)


async def _decide_all(context: WriteContext, row: rounds.Round) -> _Decided:
    decided = _Decided(applications_closed(at=context.now, deadline=deadline_of(row)))
    async for part in in_slices(await store.ids_to_qualify(context.session, row.id), size=SLICE):
        await _decide_slice(context, row, part, decided)
    return decided


async def _decide_slice(context: WriteContext, row: rounds.Round, ids: Sequence[UUID], decided: _Decided) -> None:
    """Decide these applications, and write down what was decided as long as nothing stands open on any before."""
    applications = await store.to_qualify(context.session, row.id, ids=ids)
    await checkpoint()
    changes: list[dict[str, object]] = []
    runs: list[dict[str, object]] = []
    expired: list[UUID] = []
    async for item in in_turns((await assess_many(context, applications, row)).values()):
        decided.applications += 1
        decided.still_open += [_named(item, finding) for finding in item.open]
        if not decided.goes_on:
            continue
        outcome = _decide(context, item)
        decided.outcomes.append(outcome)
        changes.append(_written(context, item, outcome))
        runs.append(_run(context, item))
        expired += [correction.id for correction in item.expired]
    if not decided.goes_on:
        return
    await keep_checks(context.session, runs)
    await checkpoint()
    await store.close_applications(context.session, changes)
    await store.close_corrections(context.session, expired, state=CorrectionState(target_of(CORRECTION, "expire")))


async def open_items(context: ReadContext, row: rounds.Round) -> list[Finding]:
    """What is open on an application on which a department or a correction is waited for; of the others nothing is
    asked here."""
    silent = await consultations.without_reply(context.session, row.id)
    corrected = await store.being_corrected(context.session, row.id)
    waiting = {item for item in (silent, corrected) if item is not None}
    applications = list((await store.applications(context.session, waiting)).values()) if waiting else []
    assessed = await assess_many(context, applications, row) if applications else {}
    return [_named(item, finding) for item in assessed.values() for finding in item.open]


async def read_list(context: ReadContext, *, round_id: UUID) -> Notice:
    """The published list; not found before its publication."""
    row = await rounds.get(context.session, round_id)
    notice = None if row is None else await store.qualified_list(context.session, round_id)
    return existing(notice, "合格名单尚未公布", "The qualified list is not published")


def _run(context: WriteContext, item: Assessment) -> dict[str, object]:
    gate, today = Gate.CONFIRMATION, context.today
    return run_values(context, item.application, item.facts, item.findings, gate=gate, test_date=today)


def _named(item: Assessment, finding: Finding) -> Finding:
    about = {"application_id": str(item.application.id), "number": item.application.number}
    return replace(finding, facts={**finding.facts, **about, "organisation": item.facts.organisation.name})


def _refuse_open(findings: Sequence[Finding]) -> None:
    standing = obstacles(findings)
    if not standing:
        return
    count = len(standing)
    raise Refused(
        Text(
            f"不能确认合格名单：共{count}项，见 violations（至多列{_NAMED}项）和资格审查工作台",
            f"The list cannot be confirmed: {count} items, see `violations` (at most {_NAMED}) and the worklist",
        ),
        findings=standing[:_NAMED],
    )


def _decide(context: WriteContext, item: Assessment) -> _Outcome:
    """Qualified, or not qualified for reasons that are stated: by the state machines, with every guard asked."""
    deciding = _Deciding(item.application.state)
    if item.refusing:
        findings = refusal_grounded(reason=_reason(item), grounds=item.refusing)
        move(context, APPLICATION, deciding, "refuse_qualification", findings)
    else:
        move(context, APPLICATION, deciding, "confirm_qualification", [*item.conditions, *item.outcome])
    application, name = item.application, item.facts.organisation.name
    return _Outcome(application.id, deciding.state, application.organisation_id, name, _refusing(item))


def _written(context: WriteContext, item: Assessment, outcome: _Outcome) -> dict[str, object]:
    qualified = outcome.qualified
    return {
        "row_id": item.application.id,
        "new_state": outcome.state,
        # Frozen now: nothing that follows moves an organisation into another seat category (Art. 6).
        "new_seat_category": item.seat_category.value if qualified and item.seat_category else None,
        "new_sector": item.facts.organisation.sector if qualified else None,
        "new_confirmed_at": context.now if qualified else None,
        "new_closed_reason": None if qualified else _reason(item),
        "new_closed_rule": None if qualified else outcome.rules[0],
        "new_closed_at": None if qualified else context.now,
    }


def _refusing(item: Assessment) -> tuple[str, ...]:
    refusing = {finding.rule for finding in item.refusing}
    return tuple(rule_id for rule_id in CATALOGUE if rule_id in refusing) if refusing else ()


def _reason(item: Assessment) -> str:
    """The refusal in plain words: every article and what was found under it."""
    said = [f"第{finding.article}条：{finding.message.zh}" for finding in item.refusing]
    return "；".join(dict.fromkeys(said))


async def _publish(
    context: WriteContext, row: rounds.Round, confirmed: Sequence[_Outcome], title: str, media: Sequence[Medium]
) -> Notice:
    names: list[str] = []
    async for part in in_slices(confirmed, size=SLICE):
        known = await names_of_the_day(context.session, row.id, [item.organisation_id for item in part])
        names += [known[item.organisation_id].printed(item.organisation) for item in part]
    body: Mapping[str, object] = {"round": {"id": row.id, "year": row.year, "title": row.title}, "names": names}
    return await create_notice(
        context,
        kind=NoticeKind.QUALIFIED_LIST,
        round_id=row.id,
        title=title,
        media=media,
        body=body,
    )


def _outcomes_hash(outcomes: Sequence[_Outcome]) -> str:
    """SHA-256 over application, state and refusing rules of the whole list: the audit log holds it instead of the
    list."""
    plain = sorted([str(item.application_id), item.state, *item.rules] for item in outcomes)
    return content_hash(plain)
