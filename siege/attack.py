"""What an attack is, and the list of them. A further one is a function marked with `attack` in a module of
`siege/attacks`, which is named in `siege/attacks/__init__.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from siege.target import Bystander, Target


@dataclass(slots=True)
class Outcome:
    """What became of an attack: figures by name, and what did not hold, in a sentence each."""

    figures: dict[str, object] = field(default_factory=dict)
    fell: list[str] = field(default_factory=list)

    def expect(self, held: bool, sentence: str) -> None:
        """Note what must hold; the sentence says what happened where it does not."""
        if not held:
            self.fell.append(sentence)


Attacking = Callable[[Target, Bystander, Outcome], None]


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack: what it is called, what it tries, how long an honest reader may wait meanwhile, in seconds."""

    name: str
    tries: str
    patience: float
    run: Attacking


_known: dict[str, Attack] = {}
KNOWN: Mapping[str, Attack] = _known


def attack(name: str, *, patience: float = 5.0) -> Callable[[Attacking], Attacking]:
    """Mark a function as the attack of this name. Its docstring says what it tries; it is bounded in time by itself."""

    def mark(function: Attacking) -> Attacking:
        _known[name] = Attack(name, " ".join((function.__doc__ or "").split()), patience, function)
        return function

    return mark
