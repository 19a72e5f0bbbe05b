"""How a name is printed on the day, on every list of a round (Arts. 17, 21, 22)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.measures.text import plain_name, printed_name, same_name
from app.store.database import ReadSession
from app.store.organisations import names as store
from app.store.readers import Reader


@dataclass(frozen=True, slots=True)
class NameOfTheDay:
    """The legal name of today; `former`: those that it has borne since it was submitted in the round, oldest first;
    `before`: those that it had given up by then; `code`: the credit code where another of the round or the register
    reads the same, else None."""

    legal: str
    former: tuple[str, ...]
    code: str | None
    before: tuple[str, ...] = ()

    def printed(self, published: str | None = None) -> str:
        """As a list prints it. `published`: what another list has printed, or was handed in: kept as it is written
        where it is the legal name, a former name where it was one."""
        published = published or self.legal
        name = published if same_name(published, self.legal) else self.legal
        looked_for = [published] if any(same_name(published, item) for item in self.before) else []
        return printed_name(name, former=(*self.former, *looked_for), code=self.code)


async def names_of_the_day(
    session: ReadSession, round_id: UUID, organisation_ids: Collection[UUID]
) -> dict[UUID, NameOfTheDay]:
    """By organisation of a round, how its name is printed today. Two queries, however many."""
    if not organisation_ids:
        return {}
    return _by_organisation(
        await store.names_in_round(session, round_id, organisation_ids),
        await store.former_names(session, round_id, organisation_ids),
    )


async def names_on_the_list(reader: Reader, round_id: UUID) -> dict[UUID, NameOfTheDay]:
    """As `names_of_the_day`, of all the organisations on a round's candidate list."""
    return _by_organisation(*await store.names_on_the_list(reader, round_id))


def _by_organisation(named: Sequence[store.NameLine], given_up: Sequence[store.FormerName]) -> dict[UUID, NameOfTheDay]:
    former: defaultdict[tuple[UUID, bool], list[str]] = defaultdict(list)
    for item in given_up:
        former[item.organisation_id, bool(item.since_submission)].append(item.name)
    return {
        line.organisation_id: NameOfTheDay(
            line.name,
            tuple(former[line.organisation_id, True]),
            line.uscc if line.shared else None,
            tuple(former[line.organisation_id, False]),
        )
        for line in named
    }


def told_apart(named: Sequence[tuple[str, str]]) -> list[str]:
    """What people read for each in findings, of names and credit codes: as written, with the code in brackets where two
    of them read the same."""
    counted = Counter(plain_name(name) for name, _ in named)
    return [f"{name}（{code}）" if counted[plain_name(name)] > 1 else name for name, code in named]
