"""The evaluation on the wire: the ranking, and what it was made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.sectors import SeatCategory, SectorTag
from app.schemas.common import Out
from app.schemas.held import SOMETIMES, Holds
from app.schemas.reviews import Points
from app.schemas.words import AssignmentState, StageName


class Shares(Out):
    """A decimal of each stage."""

    material: str = Field(examples=["0.4"])
    onsite: str = Field(examples=["0.6"])


class PassLines(Shares):
    """The points that are to be reached."""

    overall: str


class PanelSizes(Out):
    """How many reviewers sit on a panel of each stage."""

    material: int
    onsite: int


class WeighedSheet(Out):
    """A sheet that a report rests on, with its total in points."""

    assignment_id: UUID
    total: str


class WeighedReport(Out):
    """A report as it was weighed, in points (Arts. 18, 19)."""

    report_id: UUID
    score: str
    mean: str
    spread: str
    consensus: bool
    consensus_reason: str | None
    sheets: list[WeighedSheet]
    visited_on: date | None


class WeighedReports(Out):
    """The report of each stage, where there is one."""

    model_config = SOMETIMES

    material: WeighedReport | None = None
    onsite: WeighedReport | None = None


class SheetSetAside(Out):
    """A review assignment that has ended, and its total where a sheet was submitted."""

    assignment_id: UUID
    stage: StageName
    state: AssignmentState
    total: str | None


class GrantedPreference(Out):
    """A tag (Arts. 14, 15) that was granted."""

    tag: SectorTag
    reason: str


class WeighedApplication(Out):
    """An application as it was weighed."""

    application_id: UUID
    content_hash: str | None
    seat_category: SeatCategory | None
    takes_seat: bool
    reports: WeighedReports
    set_aside: list[SheetSetAside]
    preferences: list[GrantedPreference]


class EvaluationInputs(Out):
    """What a ranking was made of (Art. 20): anybody can weigh it again."""

    rules_hash: str
    panel_sizes: PanelSizes
    spread_for_consensus: str
    weights: Shares
    pass_lines: PassLines
    preference_points: dict[str, str] = Field(description="Points by tag.")
    applications: list[WeighedApplication]


class RankedLine(Out):
    """One line of the ranking. `passed`: every pass line is reached, preference points apart."""

    application_id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    seat_category: SeatCategory
    material: Points
    onsite: Points
    preference: Points
    overall: Points
    rank: int
    tied: bool
    passed: bool
    takes_seat: bool = Field(description="False for a repeat winner (Art. 6).")


class EvaluationOut(Out):
    """The evaluation report: the ranking by seat category, what it was made of, and the hash of that."""

    id: UUID
    round_id: UUID
    summary: str
    ranking: list[RankedLine]
    inputs: Annotated[dict[str, object], Holds(EvaluationInputs)]
    inputs_hash: str = Field(description="SHA-256 over the inputs as JSON with sorted keys, no spaces, UTF-8.")
    created_at: datetime
