"""The sample of mutants of a service: the same again by its seed, and only of what was asked for."""

from scripts.sample_mutants import chosen

NAMES = [
    f"app.services.{subject}.read.x_read__mutmut_{number}" for subject in ("awards", "audit") for number in range(50)
]


def test_a_seed_gives_the_same_sample_whatever_the_order_of_names() -> None:
    sample = chosen(NAMES, 8, 7, ["app.services.awards*"])
    assert sample == chosen(list(reversed(NAMES)), 8, 7, ["app.services.awards*"])
    assert len(set(sample)) == 8 and all(name.startswith("app.services.awards.") for name in sample)
    assert sample != chosen(NAMES, 8, 8, ["app.services.awards*"])


def test_there_are_never_more_than_there_are() -> None:
    assert chosen(NAMES, 1000, 1, []) == sorted(NAMES)
    assert chosen(NAMES, 5, 1, ["app.services.units*"]) == []
