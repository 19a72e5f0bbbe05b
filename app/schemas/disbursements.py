"""Disbursements on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format, plain_account
from app.measures.disbursements import FeedChange, PaymentOutcome
from app.measures.prize import PrizeMatter
from app.schemas.common import (
    WARNED,
    Action,
    ConfirmationNumber,
    Day,
    DocumentNumber,
    FindingView,
    In,
    Line,
    Name,
    NonNegativeFen,
    Out,
    Paragraph,
    Worded,
    fault,
)
from app.schemas.words import DisbursementState
from app.store.disbursements import Disbursement


def _account(value: object) -> object:
    return plain_account(value).upper() if isinstance(value, str) else value


def _checked(value: str) -> str:
    # Few requests state one: loaded where it is used.
    from stdnum.iso7064 import mod_11_10

    if not mod_11_10.is_valid(value):
        raise fault(
            "联行号的校验位（末位）不符，请逐位核对",
            "The last digit does not fit the others; compare the number",
            FieldCode.WRONG_FORMAT,
        )
    return value


Account = Annotated[
    str,
    Field(
        pattern=Format.ACCOUNT_NUMBER.value,
        description="Account number: digits, and letters that a bank puts before them (NRA). Full width, blanks and "
        "hyphens are read as meant.",
        examples=["6222000000000001"],
    ),
    BeforeValidator(_account),
]
BankNumber = Annotated[
    str,
    Field(
        pattern=Format.BANK_NUMBER.value,
        description="Number of the account's bank in the payment system (联行号): 12 digits, the last of which is the "
        "check digit of the others (ISO 7064, MOD 11,10). Full width, blanks and hyphens are read as meant.",
        examples=["104428050019"],
    ),
    BeforeValidator(_account),
    AfterValidator(_checked),
]
Attempt = Annotated[int, Field(ge=1, le=1000, description="The attempt that the message is about.")]


class PayeeIn(In):
    """The winner's own account: its holder's name must be the winner's (Art. 9)."""

    payee_name: Line
    bank_name: Name = Field(examples=["样例银行会昌支行"])
    bank_number: BankNumber
    bank_account: Account


class OrderIn(PayeeIn):
    """An order to pay the prize."""

    budget_year: Annotated[int, Field(ge=2023, le=2199)]


class ReissueIn(PayeeIn):
    """A corrected order: before the platform takes it over, after a failed payment, or after one that came back."""

    reason: Worded
    budget_year: Annotated[int, Field(ge=2023, le=2199)] | None = Field(
        None, description="The year whose budget pays now; null: as before."
    )


class PaymentDecisionIn(In):
    """The government's decision that a prize is paid although another is to be recovered from its receiver."""

    number: DocumentNumber = Field(examples=["会府字〔2027〕9号"])
    decided_on: Day
    reason: Worded
    evidence: Worded = Field(description="Where the decision and what it rests on are filed.")


class RecipientDecisionIn(PaymentDecisionIn):
    """The government's decision who receives the prize of a winner that was dissolved."""

    organisation_id: UUID = Field(
        description="The organisation that continues the winner; the succession is on record before."
    )


class PrizeDecisionOut(Out):
    """What the government has decided of a prize."""

    id: UUID
    award_id: UUID
    kind: PrizeMatter
    number: str
    decided_on: date
    reason: str
    evidence: str
    recipient_id: UUID | None = Field(description="Who receives it; null for a decision on a recovery.")
    outstanding_fen: int | None = Field(
        description="What was to be recovered as it was decided, in fen, which the decision speaks of; null for one on "
        "the recipient."
    )
    created_at: datetime
    warnings: list[FindingView] = Field(default_factory=list, description=WARNED)


class PrizeDecisionsOut(Out):
    """What the government has decided of one prize, oldest first; the last on a matter counts."""

    items: list[PrizeDecisionOut]


class AcknowledgementIn(In):
    """The platform has taken the order over."""

    attempt: Attempt


class PaymentConfirmationIn(In):
    """A payment made."""

    attempt: Attempt
    confirmation_number: ConfirmationNumber
    amount_fen: NonNegativeFen = Field(examples=[10000000])
    paid_on: Day


class FailureIn(In):
    """A payment that did not go through."""

    attempt: Attempt
    reason: Paragraph


class PaymentReturnIn(In):
    """A payment that was confirmed and came back."""

    attempt: Attempt
    confirmation_number: ConfirmationNumber = Field(description="The number of the payment that came back.")
    amount_fen: NonNegativeFen = Field(examples=[10000000])
    returned_on: Day
    reason: Paragraph


class PrizeDecisionIn(In):
    """A recorded decision of the government on a prize that is not paid."""

    decision: DocumentNumber
    reason: Worded


class AppropriationIn(In):
    """What the county budget gives to the prizes of a year (Art. 9). A later document replaces the amount."""

    amount_fen: NonNegativeFen = Field(examples=[30000000])
    document_number: DocumentNumber = Field(examples=["会财预〔2024〕3号"])
    document_date: Day = Field(examples=["2024-02-05"])


class AppropriationOut(Out):
    """An appropriation on record."""

    id: UUID
    year: int
    amount_fen: int
    document_number: str
    document_date: date
    warnings: list[FindingView] = Field(default_factory=list, description=WARNED)
    created_at: datetime


class BudgetStateOut(Out):
    """What of a year's money lies in one state."""

    state: DisbursementState
    amount_fen: int


class BudgetYearOut(Out):
    """The money of a budget year for the prizes, in fen."""

    year: int
    appropriated_fen: int | None = Field(description="What counts: the last appropriation. Null: none is on record.")
    ordered_fen: int = Field(description="What was ever ordered from the year; cancelled orders are part of it.")
    by_state: list[BudgetStateOut] = Field(description="`ordered_fen` by the state of the orders.")
    never_ordered_fen: int = Field(
        description="Prizes that are not paid, by decision, and take nothing of the year: of revoked awards that "
        "nobody had ordered, and of dissolved winners that nobody continues."
    )
    to_recover_fen: int = Field(
        description="Of the prizes that were paid from the year, what is still to come back: of awards that were "
        "revoked for fraud or taken back. It is part of `ordered_fen`."
    )
    recovered_fen: int = Field(
        description="What of those has come back. It goes to the county's treasury, and is no money of the year again."
    )
    appropriations: list[AppropriationOut]


class BudgetYearsOut(Out):
    """The budget years with an appropriation or an order, newest first (Art. 9)."""

    items: list[BudgetYearOut]


class PaymentReportOut(Out):
    """What the platform said of one attempt: paid, failed or sent back by the bank (Art. 9)."""

    attempt: int
    outcome: PaymentOutcome
    confirmation_number: str | None
    paid_on: date | None
    returned_on: date | None
    failure_reason: str | None
    created_at: datetime


class OrderShown(Out):
    """What of an order everybody sees who has to do with it."""

    id: UUID
    state: DisbursementState
    attempt: int
    amount_fen: int
    amount_in_words: str = Field(description="The amount in capital Chinese numerals.", examples=["人民币壹拾万元整"])
    budget_year: int
    award_year: int
    decree_number: str
    decree_dated: date
    payee_name: str
    payee_uscc: str
    bank_name: str | None = Field(description="Null for a prize that was never ordered.")
    bank_number: str | None = Field(
        description="The bank's number in the payment system. Null for a prize that was never ordered."
    )


class DisbursementOut(OrderShown):
    """A disbursement; the account is shown by its last four digits."""

    award_id: UUID
    organisation_id: UUID
    bank_account_ending: str | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None = Field(description="The platform's account that took the order over: its claim.")
    paid_on: date | None
    confirmation_number: str | None
    hold_reason: str | None
    taken_back_on: date | None = Field(
        description="The day on which the award was taken back: the prize counts no more as the one that its legal "
        "person may have."
    )
    version: int


class DisbursementDetail(DisbursementOut):
    """One order with all reports on it and what the caller may do with it now (Art. 9)."""

    reports: list[PaymentReportOut] = Field(default_factory=list)
    warnings: list[FindingView] = Field(
        default_factory=list,
        description=WARNED
        + " In the answer to the decision that states it. Before the payment: a dissolved winner, and "
        "another prize that is to be recovered from the payee.",
    )
    available_actions: list[Action] = Field(default_factory=list)


class FeedDisbursement(OrderShown):
    """What the platform needs in order to pay."""

    bank_account: str | None


class FeedItemOut(Out):
    """One change of a disbursement, with the disbursement as it stands now."""

    position: int
    kind: FeedChange
    attempt: int
    disbursement: FeedDisbursement


class FeedOut(Out):
    """Changes in order. Ask again with `after=next_after`; nothing is skipped and nothing repeats."""

    items: list[FeedItemOut]
    next_after: int


def masked(row: Disbursement) -> dict[str, object]:
    """The fields of `DisbursementOut` from a row."""
    shown = {name: getattr(row, name) for name in DisbursementOut.model_fields if name != "bank_account_ending"}
    return shown | {"bank_account_ending": row.bank_account and row.bank_account[-4:]}
