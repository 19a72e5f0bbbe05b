"""The budget years as they are read: what is appropriated for the prizes (Art. 9), and how much of it lies where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.kernel.context import ReadContext
from app.store import disbursements as store
from app.store import revocations


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """A year's money for the prizes, in fen: its appropriations, the last of which counts, and what was ordered from
    it by state. `never_ordered_fen`: prizes that by the government's decision are not paid and take nothing of the
    year: never ordered, or of dissolved winners that nobody continues. `to_recover_fen`,
    `recovered_fen`: of the prizes that were paid from it, what is demanded back of awards that were revoked for fraud
    or taken back (Arts. 22, 26), and what of that has come back. It is no money of the year again."""

    year: int
    appropriations: Sequence[store.Appropriation]
    by_state: Mapping[str, int]
    never_ordered_fen: int
    to_recover_fen: int
    recovered_fen: int

    @property
    def appropriated_fen(self) -> int | None:
        """The amount that counts; None where none is on record."""
        return self.appropriations[-1].amount_fen if self.appropriations else None

    @property
    def ordered_fen(self) -> int:
        """What was ever ordered from the year, cancelled orders of revoked awards as well."""
        return sum(self.by_state.values())


async def read_budget_years(context: ReadContext) -> list[BudgetYear]:
    """Every year for which money is appropriated or was ordered."""
    recorded, balances = await store.appropriations(context.session), await store.balances(context.session)
    demanded = {item.year: item for item in await revocations.prizes_to_recover(context.session)}
    years = sorted({item.year for item in recorded} | {item.year for item in balances})
    return [
        BudgetYear(
            year,
            [item for item in recorded if item.year == year],
            {item.state: item.amount_fen for item in balances if item.year == year and item.attempts},
            sum(item.amount_fen for item in balances if item.year == year and not item.attempts),
            demanded[year].outstanding_fen if year in demanded else 0,
            demanded[year].recovered_fen if year in demanded else 0,
        )
        for year in years
    ]
