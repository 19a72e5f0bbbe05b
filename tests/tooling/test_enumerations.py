"""A state or a kind is one enumeration: its column holds members of it, and the database lets in the same words."""

import re
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint, Column, MetaData, Table
from sqlalchemy.engine.default import DefaultDialect

from app.measures.instruments import InstrumentKind
from app.measures.roles import Role
from app.measures.state_machines import ROUND, STATE_MACHINES, RoundState
from app.store import models
from app.store.base import Base, Word, one_of, state_of
from app.store.rounds import Round

# What has an enumeration and is not kept: nobody signs in as the public, and the first document is shipped.
NOT_KEPT: dict[type[StrEnum], set[str]] = {Role: {"public"}, InstrumentKind: {"original"}}
_KNOWN = re.compile(r"ck_\w+_known")


def _tables() -> list[Table]:
    assert models.__all__
    return list(Base.metadata.tables.values())


def _words(table: Table) -> dict[str, set[str]]:
    """By column: the words that a CHECK of its own lets in."""
    found = {}
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and _KNOWN.fullmatch(str(constraint.name)):
            column, _, words = str(constraint.sqltext).partition(" IN ")
            found[column] = set(re.findall(r"'(\w+)'", words))
    return found


def _enumerated(table: Table) -> dict[str, type[StrEnum]]:
    columns: list[Column[object]] = list(table.columns)
    return {column.name: column.type.words for column in columns if isinstance(column.type, Word)}


def _unlike(table: Table) -> list[str]:
    """The columns whose CHECK lets in other words than their enumeration has."""
    kinds, words = _enumerated(table), _words(table)
    assert set(words) <= set(kinds), table.name
    kept = {column: {str(word) for word in kinds[column]} - NOT_KEPT.get(kinds[column], set()) for column in words}
    return [column for column, known in words.items() if known != kept[column]]


def test_a_column_of_few_words_has_its_enumeration_and_the_database_the_same_words() -> None:
    assert [(table.name, column) for table in _tables() for column in _unlike(table)] == []
    assert sum(len(_words(table)) for table in _tables()) > 45


@pytest.mark.parametrize("change", [("'concluded'", "'ended'"), (", 'concluded'", "")])
def test_a_check_that_lost_a_word_is_found(change: tuple[str, str]) -> None:
    table = Base.metadata.tables[Round.__tablename__].to_metadata(MetaData())
    (known,) = [
        item
        for item in table.constraints
        if isinstance(item, CheckConstraint) and _KNOWN.fullmatch(str(item.name)) and "'concluded'" in str(item.sqltext)
    ]
    assert _unlike(table) == []
    table.constraints.remove(known)
    told = str(known.sqltext)
    assert change[0] in told
    table.append_constraint(CheckConstraint(told.replace(*change), name=known.name))
    assert _unlike(table) == ["state"]


def test_a_state_column_is_of_a_state_machine() -> None:
    machines = [list(machine.states) for machine in STATE_MACHINES.values()]
    states = [kinds["state"] for kinds in map(_enumerated, _tables()) if "state" in kinds]
    assert len(states) > 15
    assert all(list(kind) in machines for kind in states)


def test_a_member_goes_in_as_its_word_and_comes_out_as_a_member() -> None:
    word, dialect = Round.__table__.c.state.type, DefaultDialect()
    assert isinstance(word, Word)
    assert word.process_bind_param(RoundState.CALLED, dialect) == "called"
    assert type(word.process_bind_param(RoundState.CALLED, dialect)) is str
    assert word.process_bind_param("called", dialect) == "called"
    assert word.process_result_value("called", dialect) is RoundState.CALLED
    assert word.process_bind_param(None, dialect) is None
    assert word.process_result_value(None, dialect) is None


def test_a_word_of_no_member_goes_neither_in_nor_out() -> None:
    word, dialect = Word(RoundState), DefaultDialect()
    with pytest.raises(ValueError, match="listed"):
        word.process_bind_param("listed", dialect)
    with pytest.raises(ValueError, match="listed"):
        word.process_result_value("listed", dialect)


def test_the_check_follows_from_the_enumeration() -> None:
    assert str(state_of(ROUND).sqltext) == str(one_of("state", RoundState).sqltext)
    assert str(one_of("kind", [InstrumentKind.EXTENSION]).sqltext) == "kind IN ('extension')"
