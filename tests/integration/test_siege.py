"""The siege finds what falls: its attacks run against a real service, and say so where something gives way."""

import pytest

import siege.attacks
from siege.attack import KNOWN, Attack, Outcome
from siege.target import Bystander, Target, target

pytestmark = pytest.mark.siege


def test_every_attack_says_what_it_tries_and_how_long_others_may_wait() -> None:
    assert {"files", "half-open", "no-readers", "objections", "reads", "registrations", "slow-bodies"} <= set(KNOWN)
    assert {"answers", "dripping-bodies", "guesses", "invented-logins", "migrations", "record"} <= set(KNOWN)
    assert all(known.tries and known.patience > 0 for known in KNOWN.values())
    assert siege.attacks.__all__ == sorted(siege.attacks.__all__)


def test_floods_are_withstood_and_others_served() -> None:
    with target() as besieged:
        for name in ("objections", "reads", "guesses"):
            known, outcome = KNOWN[name], Outcome()
            with Bystander(besieged) as bystander:
                known.run(besieged, bystander, outcome)
            assert outcome.fell == [] and outcome.figures
            assert bystander.refused == 0 and bystander.seconds


@pytest.mark.parametrize("name", ["answers", "record"])
def test_what_was_kept_is_not_given_away_and_not_bent(name: str) -> None:
    outcome = Outcome()
    # These attack a service and a record of their own.
    nobody = Target("http://127.0.0.1:9", "")
    KNOWN[name].run(nobody, Bystander(nobody), outcome)
    assert outcome.fell == [] and outcome.figures


def test_what_gives_way_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from siege import __main__ as command

    def weak(_target: Target, _bystander: Bystander, outcome: Outcome) -> None:
        outcome.figures["tried"] = 1
        outcome.expect(False, "it gave way")

    monkeypatch.setattr(command, "KNOWN", {"weak": Attack("weak", "tries", 60.0, weak)})
    assert command.main([]) == 1
    told = capsys.readouterr().out
    assert "FELL: it gave way" in told and "tried 1" in told and "1 attacks, 1 went through" in told
