"""The undertakings of confidentiality and integrity (Art. 29): signed for each round before any file opens."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, NotFound, refuse
from app.kernel.paging import Page, PageRequest
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.reviewers import UndertakingKind, reviewer_in_pool
from app.measures.state_machines import ROUND
from app.measures.text import Text
from app.services.lifecycle import enter, require_state
from app.services.reviewers.conflicts import pool_entry
from app.services.reviewers.read_reviewers import unknown_reviewer
from app.store import reviewers, rounds
from app.store import reviewers as store

# From the call, so that panels can be made ready, to the end of the on-site review.
_SIGNED_IN = frozenset({"called", "qualified", "onsite"})


# The measures oblige to both and word neither: these words are ours.
TEXTS = {
    UndertakingKind.CONFIDENTIALITY: Text(
        "本人承诺：对评审中知悉的申报组织的商业秘密、技术秘密和未公开信息严格保密；只查阅分配给本人的材料，不复制、不外传；"
        "不透露评审情况和其他评审员的意见；保密义务在评审结束后继续有效。",
        "I undertake to keep the trade and technical secrets and the unpublished information of the applicants; to "
        "open only the files assigned to me, neither to copy nor to pass them on; to reveal neither the course of "
        "the review nor another reviewer's opinion. This holds after the review has ended.",
    ),
    UndertakingKind.INTEGRITY: Text(
        "本人承诺：严格按照评审规则独立、公正评分；与申报组织或其推荐单位存在利害关系的，如实申报并回避；"
        "不收受申报组织的财物、宴请或其他利益，不以评审谋取私利；违反承诺的，接受取消评审资格等处理。",
        "I undertake to score independently and fairly by the review rules; to declare every interest in an "
        "applicant or its recommending unit and to recuse myself; to take no money, hospitality or other advantage "
        "from an applicant and to seek none through the review; and to accept disqualification if I break this word.",
    ),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """One undertaking as a reviewer meets it: its text, the hash that he signs, when he did (None: not yet)."""

    kind: UndertakingKind
    text: Text
    text_hash: str
    signed_at: datetime | None


def text_hash(kind: UndertakingKind) -> str:
    """SHA-256 (hex) of the Chinese text in UTF-8: the Chinese is what is signed."""
    return hashlib.sha256(TEXTS[kind].zh.encode()).hexdigest()


async def my_undertakings(context: ReadContext, *, round_id: UUID) -> Sequence[Offered]:
    """The texts, and which of them the calling reviewer has signed for this round."""
    await _called(context, round_id)
    entry = await own_entry(context)
    signed = await reviewers.undertakings_of(context.session, reviewer_id=entry.id, round_id=round_id)
    return [
        Offered(kind, TEXTS[kind], text_hash(kind), signed[kind].created_at if kind in signed else None)
        for kind in UndertakingKind
    ]


async def sign_undertaking(
    context: WriteContext, *, round_id: UUID, kind: UndertakingKind, signed_hash: str
) -> store.Undertaking:
    """The calling reviewer signs one text for one round; `signed_hash` says which words he has seen."""
    row = await _called(context, round_id)
    text = Text("本届评审已不需要签署承诺", "The round has no review to sign for any more")
    require_state(ROUND, row, "sign_undertaking", _SIGNED_IN, rule="art29.secrecy", message=text)
    entry = await own_entry(context)
    findings = reviewer_in_pool(entry=pool_entry(entry), on=context.today)
    refuse(findings)
    if signed_hash != text_hash(kind):
        text = Text("签署的文本不是现行文本，请重新阅读", "This is not the present text; read it again")
        raise Invalid(text, errors=[FieldError("/text_hash", FieldCode.TEXT_MISMATCH, text)])
    if kind in await reviewers.undertakings_of(context.session, reviewer_id=entry.id, round_id=round_id):
        raise Conflict(fails("art29.secrecy", Reason.ALREADY_SIGNED, next_act=None), code=ProblemCode.ALREADY_SIGNED)
    signature = store.Undertaking(
        created_at=context.now, reviewer_id=entry.id, round_id=round_id, kind=kind, text_hash=signed_hash
    )
    await enter(
        context,
        signature,
        "sign_undertaking",
        "reviewer",
        subject=entry,
        round_id=round_id,
        findings=findings,
        kind=kind.value,
        text_hash=signed_hash,
    )
    return signature


async def list_signatures(context: ReadContext, *, round_id: UUID, request: PageRequest) -> Page[store.Undertaking]:
    """Who has signed what for a round, without names: for the office and the auditor."""
    await _called(context, round_id)
    rows = await reviewers.undertakings_page(
        context.session, round_id=round_id, after=request.after(round_id=round_id), limit=request.limit
    )
    return request.page(rows, key=lambda row: row.id, round_id=round_id)


async def own_entry(context: ReadContext) -> store.Reviewer:
    """The calling reviewer's entry in the pool."""
    entry = await reviewers.of_account(context.session, context.actor.known_id)
    if entry is None:
        raise unknown_reviewer()
    return entry


async def _called(context: ReadContext, round_id: UUID) -> rounds.Round:
    row = await rounds.get(context.session, round_id)
    if row is None or row.called_at is None:
        raise NotFound("没有此届评审", "No such round")
    return row
