"""Every act has a name, in both languages, and one that tells it from the others of its state machine."""

from app.measures.acts import ACTS, whose
from app.measures.catalogue import CATALOGUE
from app.measures.reasons import Reason
from app.measures.sentences import next_act
from app.measures.state_machines import STATE_MACHINES
from tests.measures.conftest import assert_both_languages


def test_every_act_of_every_life_is_named_and_nothing_else() -> None:
    machines = STATE_MACHINES.values()
    acts = {transition.act for machine in machines for transition in machine.transitions}
    # What a refusal names in their place, where it makes a new object; what has no place in a state machine.
    instead = {name for machine in machines for name in machine.instead.values()}
    apart = set(ACTS) - acts - instead
    assert acts | instead <= set(ACTS)
    named = {next_act(reason, rule) for reason in Reason for rule in CATALOGUE}
    assert apart <= named
    assert all(whose(name) for name in named if name is not None)


def test_names_are_for_people() -> None:
    for name in ACTS.values():
        assert_both_languages(name)


def test_no_two_acts_of_a_life_have_the_same_name() -> None:
    for machine in STATE_MACHINES.values():
        for language in ("zh", "en"):
            names = [getattr(ACTS[item.act], language) for item in machine.transitions]
            assert len(set(names)) == len(names)
