"""Disbursements of the prize and what the payment platform reported (Art. 9)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.lives import DISBURSEMENT
from app.store.base import Identified, one_of, state_of


class Disbursement(Identified):
    """The one prize of a legal person: unique by award and by lineage, so that no line of code can order a second."""

    __tablename__ = "disbursements"
    __table_args__ = (state_of(DISBURSEMENT), CheckConstraint("amount_fen > 0", name="amount_positive"))

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), unique=True)
    lineage_id: Mapped[UUID] = mapped_column(unique=True)
    amount_fen: Mapped[int]
    budget_year: Mapped[int]
    decree_number: Mapped[str]
    payee_name: Mapped[str]
    bank_name: Mapped[str]
    bank_account: Mapped[str]
    state: Mapped[str]
    attempt: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    receipt_number: Mapped[str | None] = mapped_column(unique=True)
    hold_reason: Mapped[str | None]
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PaymentReport(Identified):
    """One report of the platform on one attempt. The receipt number is unique: a payment is entered once."""

    __tablename__ = "payment_reports"
    __table_args__ = (
        one_of("outcome", ["paid", "failed"]),
        UniqueConstraint("disbursement_id", "attempt"),
        CheckConstraint("outcome = 'failed' OR receipt_number IS NOT NULL", name="paid_has_receipt"),
    )

    disbursement_id: Mapped[UUID] = mapped_column(ForeignKey("disbursements.id"))
    attempt: Mapped[int]
    outcome: Mapped[str]
    receipt_number: Mapped[str | None] = mapped_column(unique=True)
    amount_fen: Mapped[int | None]
    paid_on: Mapped[date | None]
    failure_reason: Mapped[str | None]
