"""`python -m siege [NAME ...]`: every attack, or those that are named; ends with figures, and with 1 where one went
through."""

from __future__ import annotations

import argparse
import sys

import siege.attacks
from siege.attack import KNOWN, Outcome
from siege.target import Bystander, target


def main(names: list[str]) -> int:
    """Run the attacks one after the other and tell what held."""
    chosen = names or list(KNOWN)
    fell = 0
    with target() as besieged:
        for name in chosen:
            known, outcome = KNOWN[name], Outcome()
            print(f"{name}: {known.tries}", flush=True)
            with Bystander(besieged) as bystander:
                known.run(besieged, bystander, outcome)
            outcome.expect(bystander.refused == 0, f"an honest reader was refused {bystander.refused} times")
            outcome.expect(
                bystander.slowest <= known.patience, f"an honest reader waited {bystander.slowest:.1f} seconds"
            )
            figures = {**outcome.figures, "reader_slowest": round(bystander.slowest, 2)}
            print("  " + ", ".join(f"{key} {value}" for key, value in figures.items()))
            for sentence in outcome.fell:
                print(f"  FELL: {sentence}")
            fell += bool(outcome.fell)
    print(f"{len(chosen)} attacks, {fell} went through")
    return 1 if fell else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m siege", description=siege.attacks.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"these attacks alone: {', '.join(KNOWN)}")
    asked = parser.parse_args().names
    if unknown := set(asked) - set(KNOWN):
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    sys.exit(main(asked))
