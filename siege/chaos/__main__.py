"""`python -m siege.chaos`: processes are killed (SIGKILL, one worker or all of them) at random instants of approvals,
confirmations of lists, objections, uploads, money messages and migrations, on both databases, with one worker and two.
After each kill the service starts again, whatever had no answer is asked again with its key, and what is there is
compared with what was acknowledged; ends with a table, and with 1 where something was lost, doubled or half written."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from random import Random

from sandbox import postgres
from siege.chaos import migrations
from siege.chaos.killing import Killer, Tally
from siege.chaos.kinds import KINDS
from siege.chaos.places import DATABASES, Databases, template

KILLS = 500
SEED = 1
NAMES = (*(kind.name for kind in KINDS), migrations.NAME)


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of the table: of migrations, `workers` is how many were begun at once."""

    kind: str
    database: str
    workers: int


def shared(kills: int, names: Sequence[str], databases: Sequence[str]) -> Iterator[tuple[Cell, int]]:
    """So many kills, shared among kinds, databases and one and two workers; few of them come to every kind and every
    database first."""
    pairs = list(enumerate(product(names, databases)))
    cells = [
        Cell(name, database, 1 + (number + turn + number // 2) % 2)
        for turn in (0, 1)
        for number, (name, database) in pairs
    ]
    for number, cell in enumerate(cells):
        share = kills // len(cells) + (number < kills % len(cells))
        if share:
            yield cell, share


def main(kills: int, seed: int, names: Sequence[str], databases: Sequence[str]) -> int:
    """Kill so often, tell, and answer whether anything fell."""
    began, tallies = time.monotonic(), dict[Cell, Tally]()
    with ExitStack() as stack:
        places = {
            kind: Databases(stack.enter_context(postgres.server()) if kind == "postgresql" else None)
            for kind in databases
        }
        by_template: dict[tuple[str, str], list[tuple[Cell, int]]] = {}
        for cell, share in shared(kills, names, databases):
            by_template.setdefault((cell.kind, cell.database), []).append((cell, share))
        for (name, database), cells in by_template.items():
            for cell, tally in _killed(name, places[database], cells, seed):
                tallies[cell] = tally
                print(_line(cell, tally), flush=True)
                for sentence in tally.said:
                    print(f"  FELL: {sentence}", flush=True)
    fell = sum(tally.fell for tally in tallies.values())
    _tell(tallies, time.monotonic() - began, seed)
    return 1 if fell else 0


def _killed(
    name: str, databases: Databases, cells: Sequence[tuple[Cell, int]], seed: int
) -> Iterator[tuple[Cell, Tally]]:
    if name == migrations.NAME:
        for cell, share in cells:
            yield cell, migrations.kill(databases, cell.workers, share, Random(f"{seed} {cell}"))
        return
    kind = next(item for item in KINDS if item.name == name)
    with template(databases, kind.build) as made:
        for cell, share in cells:
            yield cell, Killer(kind, made, cell.workers, Random(f"{seed} {cell}")).kill(share)


_COLUMNS = ("kills", "in_the_act", "acknowledged", "repeated", "lost", "doubled", "half_written", "broken", "refused")
_HEAD = f"{'kind':14}{'database':12}{'workers':>8}" + "".join(f"{name:>13}" for name in _COLUMNS)


def _line(cell: Cell, tally: Tally) -> str:
    return f"{cell.kind:14}{cell.database:12}{cell.workers:8}" + "".join(
        f"{getattr(tally, name):13}" for name in _COLUMNS
    )


def _tell(tallies: dict[Cell, Tally], seconds: float, seed: int) -> None:
    print(f"\n{_HEAD}")
    for cell in sorted(tallies, key=lambda item: (NAMES.index(item.kind), item.database, item.workers)):
        print(_line(cell, tallies[cell]))
    sums = {name: sum(getattr(tally, name) for tally in tallies.values()) for name in _COLUMNS}
    print(f"{'all':34}" + "".join(f"{count:13}" for count in sums.values()))
    print(f"seed {seed}, {seconds:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m siege.chaos", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="KIND", help=f"these alone: {', '.join(NAMES)}")
    parser.add_argument("--kills", type=int, default=KILLS, help="in all")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    sys.exit(main(given.kills, given.seed, given.names or NAMES, given.databases))
