"""The review (Art. 18 to 20): assignments, score sheets, reports, the shortlist, the evaluation."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    INSTANT,
    JSON,
    SCORE,
    TEXT,
    WHOLE,
    check,
    identified,
    one_of,
    only_one,
    optional,
    refers,
    required,
    schema,
)

# The evaluation report of a round (Art. 20): the ranking, and the inputs that it was made of with their hash. One
# stands; a panel that re-opens (Art. 30) supersedes it, and it stays on record.
evaluations = Table(
    "evaluations",
    schema,
    refers("round_id", "rounds", index=True),
    required("summary", TEXT),
    required("ranking", JSON),
    required("inputs", JSON),
    required("inputs_hash", TEXT),
    refers("issued_by", "accounts"),
    optional("superseded_at", INSTANT),
    *identified(),
    only_one("uq_evaluations_one_present", "round_id", where="superseded_at IS NULL"),
)

# One reviewer's review assignment of one application at one stage. Ended by recusal, release or disqualification.
assignments = Table(
    "assignments",
    schema,
    refers("application_id", "applications", index=True),
    refers("reviewer_id", "reviewers"),
    required("stage", TEXT),
    required("leader", FLAG),
    required("state", TEXT),
    optional("due_on", DAY),
    optional("state_reason", TEXT),
    optional("ended_at", INSTANT),
    *identified(),
    one_of("stage", "material", "onsite"),
    check("end_reasoned", "state = 'active' OR state_reason IS NOT NULL"),
    one_of("state", "active", "recused", "released", "set_aside"),
    Index("ix_assignments_reviewer", "reviewer_id", "id"),
    only_one("uq_assignments_one_active", "application_id", "reviewer_id", "stage", where="state = 'active'"),
)

# One reviewer's scores, in percent steps per item; frozen when submitted. Made with its assignment.
score_sheets = Table(
    "score_sheets",
    schema,
    refers("assignment_id", "assignments"),
    required("state", TEXT),
    *(required(name, JSON) for name in ("scores", "comments")),
    optional("total", SCORE),
    optional("submitted_at", INSTANT),
    required("version", WHOLE),
    *identified(),
    check("submitted_whole", "state <> 'submitted' OR (total IS NOT NULL AND submitted_at IS NOT NULL)"),
    one_of("state", "draft", "submitted", "set_aside"),
    UniqueConstraint("assignment_id"),
)

# The material report (Art. 18) or the on-site report (Art. 19) on one application. One stands; one that rested on a
# sheet set aside since is void and stays on record.
stage_reports = Table(
    "stage_reports",
    schema,
    refers("application_id", "applications", index=True),
    required("stage", TEXT),
    *(required(name, SCORE) for name in ("score", "mean", "spread")),
    required("consensus", FLAG),
    optional("consensus_reason", TEXT),
    required("summary", TEXT),
    optional("visited_on", DAY),
    optional("customer_survey", JSON),
    required("sheets", JSON),
    refers("recorded_by", "accounts"),
    optional("voided_at", INSTANT),
    optional("void_reason", TEXT),
    *identified(),
    check("visit_of_onsite", "(stage = 'onsite') = (visited_on IS NOT NULL)"),
    one_of("stage", "material", "onsite"),
    check("consensus_reasoned", "consensus = (consensus_reason IS NOT NULL)"),
    only_one("uq_stage_reports_one_standing", "application_id", "stage", where="voided_at IS NULL"),
)

# A place on the on-site list, or the reason for not having one (Art. 18). `rank` counts within the seat category,
# equal for equal scores; `tied` says so. A list made anew after Art. 30 supersedes the one before.
shortlist_entries = Table(
    "shortlist_entries",
    schema,
    refers("round_id", "rounds", index=True),
    refers("application_id", "applications", index=True),
    required("seat_category", TEXT),
    required("rank", WHOLE),
    required("tied", FLAG),
    required("score", SCORE),
    required("included", FLAG),
    required("reason", TEXT),
    required("reason_en", TEXT),
    optional("superseded_at", INSTANT),
    *identified(),
    one_of("seat_category", "manufacturing", "other"),
    only_one("uq_shortlist_entries_one_present", "application_id", where="superseded_at IS NULL"),
)

# A reviewer opened a dossier or an attachment (Art. 29: every access is on record).
file_accesses = Table(
    "file_accesses",
    schema,
    refers("account_id", "accounts", index=True),
    refers("application_id", "applications", index=True),
    refers("attachment_id", "attachments", optional=True),
    *identified(),
)
