"""What is looked up by what it belongs to has an index: without one such a read goes through the whole table."""

from collections.abc import Iterator

from sqlalchemy import Table, UniqueConstraint

from app.store import models
from app.store.base import Base

# References that nothing is looked up by: who did it, and where it came from.
NEVER_ASKED = {
    "accounts.department_id",
    "accounts.unit_id",
    "adverse_records.consultation_id",
    "awards.approval_id",
    "awards.seat_category",
    "awards.seat_number",
    "candidates.notice_id",
    "conflict_declarations.unit_id",
    "consultations.stamped_opinion_id",
    "cultivation_records.organisation_id",
    "disbursements.cancelled_under",
    "file_accesses.attachment_id",
    "issued_papers.template_id",
    "mark_report_recusals.account_id",
    "mark_reports.investigator_id",
    "notices.mark_notice_id",
    # Beside the account, of which there is an index.
    "objection_recusals.organisation_id",
    "objections.investigator_id",
    "organisation_verifications.unit_id",
    "plaques.replaces_id",
    "prize_decisions.recipient_id",
    "recommendations.county_seal_id",
    "recommendations.seal_attachment_id",
    "renewals.attachment_id",
    "reviewers.unit_id",
    "revocations.annulment_notice_id",
    "revocations.notice_id",
    "revocations.supplementary_to",
    "statement_files.statement_id",
}


def _leading(table: Table) -> Iterator[str]:
    """Columns that come first in an index over all rows."""
    yield next(iter(table.primary_key.columns)).name
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield next(iter(constraint.columns)).name
    for index in table.indexes:
        if index.dialect_options["postgresql"].get("where") is None:
            yield next(iter(index.columns)).name


def test_every_reference_that_is_looked_up_has_an_index() -> None:
    assert models.__all__
    bare = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.foreign_keys and not column.name.endswith("_by") and column.name not in set(_leading(table))
    }
    assert bare == NEVER_ASKED
