"""What of the rows of each table no act changes any more, and from when on: what is marked for a checkpoint, so that a
change past the service is found. Whatever the first schema has and nothing here names is final as soon as the row is
there; a column that comes later gets a part of its own, so that no mark speaks of what it has not seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Table, Uuid
from sqlalchemy.types import TypeEngine

from app.store.base import Base
from app.store.first_schema.columns import schema

MADE = "made"
# Why an act goes on changing a column, so that no mark can speak of it.
STATE = "its state machine moves it, and each move is an entry"
VERSION = "it counts the changes"
LINEAGE = "whoever it belongs to changes with a claim or a merger, which is an entry"
TERM = "the term is extended by an act that keeps the old one"
TURNS = "it comes and goes with what becomes of the row; what it was each time is an entry or a row of its own"
KEPT_UP = "it is kept up to date; what was judged by it was frozen there"
WORK = "the service's own work, of nobody's right"
PASSWORD = "its person replaces it"
REPLACED = "an act may replace the whole of it, and its entry, with which it is compared, has what it says"


@dataclass(frozen=True, slots=True)
class Part:
    """Columns that stay as they are: from the beginning, or once `since`, one of the columns, holds something.
    `forgotten_as`: the subject under which they may be anonymised, its type and the column with its id."""

    name: str
    columns: tuple[str, ...]
    since: str | None = None
    forgotten_as: tuple[str, str] | None = None

    def is_final(self, row: Mapping[str, object]) -> bool:
        """Whether this part of the row is final."""
        return self.since is None or row[self.since] is not None


@dataclass(frozen=True, slots=True)
class FinalRow:
    """Of a table: its parts that become final, and the columns that acts go on changing, with the reason for it."""

    table: Table
    parts: tuple[Part, ...]
    open: Mapping[str, str]

    @property
    def asked(self) -> Iterator[str]:
        """The columns that tell whether a part is final."""
        return (part.since for part in self.parts if part.since is not None)

    def part(self, name: str) -> Part | None:
        """The part of this name; None where there is none."""
        return next((part for part in self.parts if part.name == name), None)

    def values_of(self, key: str) -> list[object] | None:
        """The values of the row's key that is named so in a mark; None where that is no key of this table."""
        try:
            told = zip(self.table.primary_key, json.loads(key), strict=True)
            return [_of_kind(column.type, value) for column, value in told]
        except (ValueError, TypeError, AttributeError):
            return None


def _of_kind(kind: TypeEngine[object], value: object) -> object:
    """A value of a key, as JSON has it, as the column has it."""
    if isinstance(kind, Uuid):
        return UUID(str(value))
    if isinstance(kind, BigInteger) is not isinstance(value, int):
        raise ValueError(value)
    return value


@dataclass(frozen=True, slots=True)
class _Spec:
    parts: tuple[Part, ...] = ()
    open: Mapping[str, str] = field(default_factory=dict)


def _once(*columns: str) -> tuple[Part, ...]:
    """Each is written once, by itself."""
    return tuple(Part(column, (column,), since=column) for column in columns)


def _since(since: str, *columns: str) -> tuple[Part, ...]:
    """All of them are final once this one holds something."""
    return (Part(since, (since, *columns), since=since),)


def _person(subject: str, column: str, *columns: str) -> tuple[Part, ...]:
    """Final from the beginning, until it is anonymised."""
    return (Part("person", columns, forgotten_as=(subject, column)),)


def _open(**columns: str | tuple[str, ...]) -> dict[str, str]:
    """Columns by the name of the reason, in small letters."""
    return {
        name: globals()[reason.upper()]
        for reason, names in columns.items()
        for name in ((names,) if isinstance(names, str) else names)
    }


_MOVED = {"state": STATE}
_VERSIONED = _MOVED | {"version": VERSION}
_SPECS: Mapping[str, _Spec] = {
    "accounts": _Spec(
        (*_once("displaced_at"), *_person("account", "id", "login")),
        _open(
            password=("secret_hash", "display_name"),
            lineage="organisation_id",
            turns=("deactivated_at", "awaits", "unconfirmed", "stopped_apart", "membership"),
            work=("tokens_valid_from", "last_used_at"),
        ),
    ),
    "adverse_records": _Spec(
        _since("replied_at", "reply"),
        _open(
            lineage="organisation_id",
            # Until the list is confirmed a decision may be replaced.
            turns=("decided_at", "decided_by", "decision_reason", "finding", "severity", "attributable"),
        ),
    ),
    "applications": _Spec(
        (
            *_since("number", "submitted_at"),
            *_since("confirmed_at", "snapshot_hash", "seat_category", "sector"),
            Part("form", ("content", "snapshot"), since="confirmed_at", forgotten_as=("application", "id")),
        ),
        _open(lineage="organisation_id", turns=("closed_at", "closed_reason", "closed_rule")) | _VERSIONED,
    ),
    "appraisals": _Spec(_person("reviewer", "reviewer_id", "remarks")),
    "assignments": _Spec(_since("ended_at", "state_reason"), _MOVED),
    "attachments": _Spec((*_once("removed_at"), *_person("application", "application_id", "filename"))),
    "awards": _Spec(
        (
            *_since(
                "conferred_on",
                *("decree_id", "decreed_name", "awarded_name", "former_names", "first_award", "repeat_award"),
                *("prize_fen", "seat_category", "seat_number", "valid_until", "certificate_number", "plaque_number"),
            ),
            *_once("certificate_issued_on", "withdrawn_ground", "withdrawn_item"),
        ),
        # A decree of an earlier day, entered afterwards, undoes a withdrawal at its own wish.
        _open(
            turns=("withdrawn_on", "withdrawn_reason", "revoked_on", "revoked_under", "revocation_annulled_on"),
        )
        | _VERSIONED,
    ),
    "candidates": _Spec(
        _once("closed_name"),
        _open(
            turns=(
                *("published_name", "notice_id", "repeat_award"),
                *("removed_at", "removed_reason", "removed_rule", "withdrawn_on"),
            ),
        )
        | _MOVED,
    ),
    "conferral_doubts": _Spec(_since("decided_on", "decided_by", "decision_number", "decision_reason"), _VERSIONED),
    "conflict_declarations": _Spec(
        (*_since("withdrawn_at", "withdrawn_reason"), *_person("reviewer", "reviewer_id", "description"))
    ),
    "consultations": _Spec(
        (
            *_since("answered_at", "answer", "answered_by", "remark", "letter_number", "signatory"),
            *_once("stamped_opinion_id"),
            *_since("non_response_by", "non_response_reason"),
        ),
        _open(term="due_at") | _MOVED,
    ),
    "corrections": _Spec(_once("answered_at"), _open(term="due_at") | _MOVED),
    "cultivation_records": _Spec(_since("withdrawn_at", "withdrawal_reason")),
    "deliberations": _Spec(
        open=_open(
            replaced=(
                *("meeting_on", "members", "present", "chair", "offices", "minutes", "conclusions"),
                *("recorded_by", "created_at"),
            )
        )
    ),
    "departments": _Spec(open=_open(kept_up=("name", "name_en", "categories", "active"))),
    "disbursements": _Spec(
        (),
        _open(
            lineage="lineage_id",
            turns=(
                *(
                    "attempt",
                    "budget_year",
                    "payee_name",
                    "payee_uscc",
                    "bank_name",
                    "sealed_bank_account",
                    "sealed_bank_number",
                ),
                *("acknowledged_at", "acknowledged_by", "paid_on", "confirmation_number"),
                *("hold_reason", "cancelled_under", "cancelled_by", "taken_back_on"),
            ),
        )
        | _VERSIONED,
    ),
    "disclosures": _Spec(
        (
            *_since("decided_at", "decided_by", "outcome", "statement", "ends_at"),
            *_once("read_at"),
            *_since("withdrawn_at", "withdrawn_by"),
        )
    ),
    "evaluations": _Spec(_once("superseded_at")),
    "exclusions": _Spec(_once("annulled_on"), _open(lineage="lineage_id")),
    "holiday_years": _Spec(open=_open(replaced=("holidays", "workdays", "source", "imported_by"))),
    "mark_report_originals": _Spec(
        _person(*("mark_report", "report_id", "sealed_subject", "sealed_description", "sealed_name", "sealed_contact"))
    ),
    "mark_reports": _Spec(
        _since("followed_up_at", "followed_up_by", "follow_up", "summary", "summarised_at"),
        # Whoever looks into it may be replaced when it is over, too.
        _open(turns=("investigator_id", "conflict_check")) | _MOVED,
    ),
    "media": _Spec(_since("ended_on", "ended_reason", "ended_by")),
    "notices": _Spec(open=_open(turns=("mark", "marked_on", "mark_basis", "mark_notice_id"))),
    "objection_files": _Spec(_person("objection", "objection_id", "sealed_filename")),
    "objection_originals": _Spec(
        _person(*("objection", "objection_id", "sealed_name", "sealed_contact", "sealed_facts", "sealed_evidence"))
    ),
    "objections": _Spec(
        _since(
            *("closed_at", "closed_by", "outcome_reason", "outcome_public", "verification"),
            *("class", "classified_because", "classification_reason", "judged_informal_at"),
            *("summary", "summarised_at"),
        ),
        _open(turns=("investigator_id", "conflict_check")) | _VERSIONED,
    ),
    "organisation_names": _Spec(_once("set_aside_on")),
    "organisations": _Spec(
        _once("superseded_by"),
        _open(
            lineage="lineage_id",
            kept_up=(
                *("name", "name_key", "stated_name", "stated_name_from", "stated_name_evidence", "legal_form"),
                *("registered_address", "county_code", "area", "established_on", "sector", "operating", "size_class"),
                *("staff", "main_products", "sealed_contact_name", "sealed_contact_phone", "is_sample"),
                *("dissolved_on", "dissolution_evidence", "changed_since_verified", "uscc", "uscc_checksum_ok"),
            ),
        )
        | _VERSIONED,
    ),
    "recommendations": _Spec(
        (
            *_since("answered_at", "answered_by", "opinion", "signatory", "signed_on", "facts_verified"),
            *_once("industry_justification", "reason", "seal_attachment_id", "letter_number", "order"),
            *_once("county_endorsement", "county_seal_id"),
        ),
        _open(term="due_at", turns="county_unit_id") | _VERSIONED,
    ),
    "paper_templates": _Spec(open=_open(turns=("activated_at", "activated_by"))),
    "plaques": _Spec(
        (
            *_once("delivered_on"),
            *_since("handed_over_on", "received_by", "handover_evidence"),
            *_since("lost_on", "lost_reason"),
            *_once("cancelled_reason"),
        ),
        # It may come back and go to its winner more than once.
        _open(turns=("recovered_on", "recovery_evidence", "returned_on", "return_evidence")) | _MOVED,
    ),
    "recommending_units": _Spec(open=_open(kept_up=("name", "area", "industry", "uscc", "active"))),
    "recoveries": _Spec(
        _since("given_back_on", "given_back_evidence"),
        _open(turns=("recovered_fen", "recovered_on", "evidence")) | _MOVED,
    ),
    "recovery_entries": _Spec(_since("withdrawn_at", "withdrawal_reason")),
    "registration_claims": _Spec(
        _since(
            *("decided_at", "decided_by", "decision_reason", "decision_evidence"),
            *("evidence", "evidence_at", "reply", "replied_at", "reply_due_at"),
        ),
        _open(lineage="against_id") | _MOVED,
    ),
    "removed_files": _Spec(_once("removed_at")),
    "renewals": _Spec(_since("decided_at", "decided_by", "reason", "evidence"), _MOVED),
    "reviewers": _Spec(
        (),
        _open(
            kept_up=(
                *("name", "expertise", "employer", "employer_uscc", "unit_id", "employed_since"),
                *("qualified_from", "qualified_until"),
            ),
            turns=("state_reason", "state_changed_at"),
        )
        | _VERSIONED,
    ),
    "revocations": _Spec(
        (
            *_since("stated_at", "stated_by", "statement"),
            *_once("consequences", "notice_id"),
            *_since("decided_on", "decided_by", "decision_number", "decision_reason"),
            *_since("annulled_on", "annulled_number", "annulled_by_body", "annulled_reason", "annulled_evidence"),
            *_once("annulment_notice_id"),
            *_since("withdrawn_on", "withdrawn_reason"),
        ),
        # A case that another has taken over goes on where that one comes to nothing, and is submitted again.
        _open(term="reply_due_at", turns=("submitted_on", "taken_over_by")) | _VERSIONED,
    ),
    "rounds": _Spec(
        (
            *_since(
                *("called_at", "call", "year", "title", "lane", "instrument_number", "parameters", "readings"),
                *("review_rules", "review_rules_hash"),
            ),
            *_once("concluded_at", "cancelled_reason"),
        ),
        _open(term="deadline", turns="ordinal") | _VERSIONED,
    ),
    "score_sheets": _Spec(_since("submitted_at", "scores", "comments", "total"), _VERSIONED),
    "shortlist_entries": _Spec(_once("superseded_at")),
    "social_verifications": _Spec(open=_open(replaced=("outcome", "evidence", "reason", "recorded_by", "created_at"))),
    "statement_files": _Spec(_once("statement_id")),
    "stage_reports": _Spec(_since("voided_at", "void_reason")),
    "title_misuses": _Spec(_since("corrected_on", "correction"), _MOVED),
    "visits": _Spec((*_since("visited_on", "visitors", "findings"), *_once("follow_up")), _MOVED),
    "webhooks": _Spec(
        (),
        _open(
            kept_up=("url", "sealed_secret", "sealed_previous_secret", "previous_secret_until"),
            turns=("deactivated_at", "deactivated_reason"),
            work=("delivered_position", "failures", "last_error", "next_attempt_at", "claimed_until"),
        ),
    ),
}
_GOES = "its rows go by themselves, or with what they belong to"
_CHAINED = "chained by itself, and signed with each checkpoint"
# Tables of which nothing is marked, with the reason.
NOT_MARKED: Mapping[str, str] = {
    **dict.fromkeys(("audit_entries", "audit_head", "audit_checkpoints", "row_marks"), _CHAINED),
    **dict.fromkeys(("account_sessions", "known_origins", "refresh_tokens", "attempt_counters"), _GOES),
    **dict.fromkeys(("former_passwords", "invitations", "second_factors", "recovery_codes"), _GOES),
    **dict.fromkeys(("outside_identities", "proposed_entries", "idempotency_records"), _GOES),
    **dict.fromkeys(("feed_events", "feed_heads", "number_series", "sweep_turns"), WORK),
}


@cache
def final_rows() -> Sequence[FinalRow]:
    """Of each table what is final, in the order of their references."""
    return [final_row(table.name) for table in Base.metadata.sorted_tables if table.name not in NOT_MARKED]


def marked_table(name: str) -> FinalRow | None:
    """What is final of the rows of this table; None where nothing of it is marked."""
    known = name in Base.metadata.tables and name not in NOT_MARKED
    return final_row(name) if known else None


@cache
def final_row(name: str) -> FinalRow:
    """What is final of the rows of this table, one that is marked."""
    table, spec = Base.metadata.tables[name], _SPECS.get(name, _Spec())
    named = {column for part in spec.parts for column in part.columns} | spec.open.keys()
    first = tuple(column.name for column in schema.tables[name].columns if column.name not in named)
    return FinalRow(table, (Part(MADE, first), *spec.parts), spec.open)
