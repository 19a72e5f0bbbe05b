"""Whether a round takes applications now (Art. 16)."""

from __future__ import annotations

from datetime import date, datetime

from app.kernel.context import ReadContext
from app.measures.call import within_window
from app.measures.dates import shanghai_date
from app.measures.findings import Finding
from app.measures.state_machines import RoundState
from app.store.rounds import Round


def application_window(context: ReadContext, round_row: Round, *, at: datetime | None = None) -> list[Finding]:
    """From the published call to the deadline's last second in Shanghai, as long as the round is at this stage. `at`:
    another instant than now."""
    if round_row.deadline is None:
        raise RuntimeError("a round without a call has no time for applications")
    return within_window(
        at=at or context.now,
        published_at=round_row.called_at,
        deadline=round_row.deadline,
        taking=round_row.state == RoundState.CALLED,
    )


def day_of_the_call(round_row: Round) -> date:
    """The day (Shanghai) on which the round was called."""
    if round_row.called_at is None:
        raise RuntimeError("a round without a call")
    return shanghai_date(round_row.called_at)
