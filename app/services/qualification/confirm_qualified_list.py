"""The confirmed list (Art. 17): every submitted application qualified or not, in one transaction, and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

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
from app.services.applications.run_gate import keep_run
from app.services.applications.under_review import deadline_of
from app.services.lifecycle import act, move, target_of
from app.services.notices.publish_notice import Medium, create_notice
from app.services.organisations.names import names_of_the_day
from app.services.qualification.assess_application import Assessment, assess_many, in_turns
from app.services.rounds.prepare_round import locked
from app.store import qualification as store
from app.store import rounds
from app.store.notices import Notice

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
class _Outcome:
    """One application on its way through the state machines: the state is written in bulk afterwards."""

    assessment: Assessment
    state: ApplicationState


async def confirm_list(context: WriteContext, *, round_id: UUID, title: str, channels: Sequence[str]) -> ConfirmedList:
    """Decide every submitted application at once, after the deadline. Refused with everything that is still open on any
    of them: an undecided condition, a department that has not replied, a correction whose time is running. No statement
    is for one application alone: rows are read and written in batches."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "confirm_qualified_list") as doing:
        applications = await store.to_qualify(context.session, row.id)
        assessed = list((await assess_many(context, applications, row)).values())
        still_open = [_named(item, finding) for item in assessed for finding in item.open]
        findings = [
            *applications_closed(at=context.now, deadline=deadline_of(row)),
            *list_confirmable(applications=len(assessed), still_open=still_open),
        ]
        _refuse_open(findings)
        doing.hear(findings)
        outcomes = []
        async for item in in_turns(assessed):
            outcomes.append(_decide(context, item))
            _keep_run(context, item)
        confirmed = [item for item in outcomes if item.state == ApplicationState.QUALIFIED]
        refused = [_refusal(item.assessment) for item in outcomes if item.state != ApplicationState.QUALIFIED]
        await context.session.flush()
        await store.close_applications(context.session, [_written(context, item) for item in outcomes])
        expired = [correction.id for item in assessed for correction in item.expired]
        await store.close_corrections(context.session, expired, state=CorrectionState(target_of(CORRECTION, "expire")))
        notice = await _publish(context, row, confirmed, title, channels)
        doing.tell(notice_id=notice.id, qualified=len(confirmed), not_qualified=len(refused))
        doing.tell(outcomes_hash=_outcomes_hash(outcomes))
    return ConfirmedList(notice, words(notice.body["names"]), refused)


async def read_list(context: ReadContext, *, round_id: UUID) -> Notice:
    """The published list; not found before its publication."""
    row = await rounds.get(context.session, round_id)
    notice = None if row is None else await store.qualified_list(context.session, round_id)
    return existing(notice, "合格名单尚未公布", "The qualified list is not published")


def _keep_run(context: WriteContext, item: Assessment) -> None:
    keep_run(context, item.application, item.facts, item.findings, gate=Gate.CONFIRMATION, test_date=context.today)


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
    outcome = _Outcome(item, item.application.state)
    if item.refusing:
        findings = refusal_grounded(reason=_reason(item), grounds=item.refusing)
        move(context, APPLICATION, outcome, "refuse_qualification", findings)
    else:
        move(context, APPLICATION, outcome, "confirm_qualification", [*item.conditions, *item.outcome])
    return outcome


def _written(context: WriteContext, outcome: _Outcome) -> dict[str, object]:
    item = outcome.assessment
    qualified = outcome.state == ApplicationState.QUALIFIED
    return {
        "row_id": item.application.id,
        "new_state": outcome.state,
        # Frozen now: nothing that follows moves an organisation into another seat category (Art. 6).
        "new_seat_category": item.seat_category.value if qualified and item.seat_category else None,
        "new_sector": item.facts.organisation.sector if qualified else None,
        "new_confirmed_at": context.now if qualified else None,
        "new_closed_reason": None if qualified else _reason(item),
        "new_closed_rule": None if qualified else _refusal(item).rules[0],
        "new_closed_at": None if qualified else context.now,
    }


def _refusal(item: Assessment) -> Refusal:
    refusing = {finding.rule for finding in item.refusing}
    order = [rule_id for rule_id in CATALOGUE if rule_id in refusing]
    return Refusal(item.application.id, item.facts.organisation.name, tuple(order))


def _reason(item: Assessment) -> str:
    """The refusal in plain words: every article and what was found under it."""
    said = [f"第{finding.article}条：{finding.message.zh}" for finding in item.refusing]
    return "；".join(dict.fromkeys(said))


async def _publish(
    context: WriteContext, row: rounds.Round, confirmed: Sequence[_Outcome], title: str, channels: Sequence[str]
) -> Notice:
    listed = {item.assessment.application.organisation_id: item.assessment.facts.organisation for item in confirmed}
    known = await names_of_the_day(context.session, row.id, listed.keys())
    names = [known[key].printed(organisation.name) for key, organisation in listed.items()]
    body: Mapping[str, object] = {"round": {"id": row.id, "year": row.year, "title": row.title}, "names": names}
    return await create_notice(
        context,
        kind=NoticeKind.QUALIFIED_LIST,
        round_id=row.id,
        title=title,
        media=[Medium(channel, context.today) for channel in channels],
        body=body,
    )


def _outcomes_hash(outcomes: Sequence[_Outcome]) -> str:
    """SHA-256 over application, state and refusing rules of the whole list: the audit log holds it instead of the
    list."""
    plain = sorted(
        [str(item.assessment.application.id), item.state, *_refusal(item.assessment).rules] for item in outcomes
    )
    return content_hash(plain)
