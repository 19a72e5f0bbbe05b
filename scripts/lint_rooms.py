"""The same rooms on every floor: `python scripts/lint_rooms.py`.

A subject of the measures is found by its name in the routers, the schemas, the services and the store, as a file or as
a folder. An operation that writes has its route in the room in which its service stands. A module of the law, a state
machine and a test of the API that belong to one room bear its name too, and a model stands in the room in which the
first migration makes its table, and in that of the services that alone make it. Whatever else a floor holds is named
here, with the floor.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# In the order of a round, which is also the order in which services may import (see `pyproject.toml`).
SUBJECTS = (
    "identity",
    "organisations",
    "units",
    "instruments",
    "rounds",
    "notices",
    "applications",
    "recommendations",
    "consultations",
    "qualification",
    "reviewers",
    "reviews",
    "deliberation",
    "publicity",
    "objections",
    "approval",
    "awards",
    "disbursements",
    "supervision",
    "revocations",
    "papers",
    "audit",
    "privacy",
)
# Not about a subject: what a floor needs for itself.
OWN = {
    "routers": {"desk", "portal", "system"},
    "schemas": {"common", "field_messages", "held", "labels", "offered", "once", "portal", "strict", "system", "words"},
    "services": {"available_acts", "days", "lifecycle", "turns"},
    "store": {
        "base",
        "beside",
        "called",
        "consistency",
        "copies",
        "database",
        "feeds",
        "final_rows",
        "first_schema",
        "grants",
        "idempotency",
        "migrations",
        "models",
        "numbers",
        "postgres_begun",
        "readers",
        "reading_pool",
        "replaced_rows",
        "row_marks",
        "sealed",
        "sealed_values",
        "seals",
        "settings_record",
        "sqlite_in_loop",
        "sorting",
        "statements",
        "unreadable",
        "sweeps",
        "throttle",
        "writer_queue",
    },
}

# The reads that are asked most; not every room has one, so that what there is stands here with its subject.
READS = {
    "application": "applications",
    "award": "awards",
    "candidates": "publicity",
    "certificate": "awards",
    "feed": "recommendations and disbursements",
    "frozen": "what a call has frozen",
    "notice": "notices",
    "recommendation_queue": "recommendations",
    "register": "awards",
    "round": "rounds",
    "wire": "how answers are written",
}

# What the law is told and answers with: no rule is decided there.
FOUNDATION = {
    "acts",
    "amounts",
    "applicants",
    "articles",
    "catalogue",
    "dates",
    "fact_kinds",
    "facts",
    "findings",
    "hashes",
    "order",
    "plain",
    "ranking",
    "reasons",
    "registration",
    "registry",
    "roles",
    "sentences",
    "shipped",
    "state_machines",
    "text",
}
# A matter of the law that several rooms ask, or that an article names otherwise than the room: with the reason.
MATTERS = {
    "appropriation": "Art. 9: the money of a budget year, recorded by the office and asked of every order",
    "asks": "Art. 10: what a round requires beyond the measures, from the form to the decree",
    "call": "Art. 16: its time is asked from the draft to the qualified list",
    "candidates": "Art. 20: who may stand on the list, by the evaluation; what happens to the list is publicity",
    "conferral": "Arts. 3, 22, 26, 28: what turns out to have stood against an award on the day of its decree",
    "consequences": "Arts. 26, 28: what a revocation brings for plaque, prize and later rounds",
    "credentials": "Art. 13(2) to (4): licences, certificates, safety levels; a condition of every gate",
    "deadlines": "Arts. 3, 17: an extension of a step, of a recommendation as well as of a correction",
    "decree": "Art. 22: what the record of a decree says; approval decides, the awards follow it",
    "designations": "Art. 21: signatures that tell somebody by what he is and name nobody",
    "document_numbers": "the number of a document, be it an instrument, a decree or a decision",
    "eligibility": "Art. 13: the gate, from the open check to the decree",
    "evaluation": "Art. 20: what is made of both reports; the lists are taken from it",
    "exclusivity": "Art. 31: reports of the title or mark; what follows of them is supervision",
    "exclusions": "Arts. 26, 28: begun by a revocation, asked at every gate",
    "fees": "Art. 7: asked of the rules of a round and of the contract itself",
    "files": "Arts. 3, 17, 21, 26, 28: why a file is not taken, in four rooms; which materials a round knows",
    "fraud": "Art. 26: found before an award, before its decree and after its validity, in three rooms",
    "form": "Art. 17: the form as the round asks for it, from the draft to the recommendation",
    "hearings": "Arts. 13(6), 26, 28: what is said on paper and added, to a record and in a case",
    "interpretations": "Art. 32: cited by whatever rests on a reading",
    "interval": "Art. 6: rounds and winners in time; a condition of every gate",
    "judgement": "Arts. 12, 13: conditions that a person decides, at every gate",
    "losses": "Art. 28(3): one ground, with the years that it counts",
    "office_duties": "Arts. 4, 11(4): what the office has on record when it deliberates and proposes candidates",
    "operating": "Art. 13(4): who produces or operates; a condition of every gate",
    "disclosure": "Arts. 21, 31: who reads an original, asked of objections and of reports",
    "writers": "Arts. 21, 31: who wrote an objection or a report, kept from everybody but its investigator",
    "organs": "Arts. 2, 10: who decides and who proposes, asked of every act",
    "ownership": "Art. 13(1): whose a registration is; asked of registrations, claims, records and the qualified list",
    "performance": "Arts. 5, 13(4): the figures of the years before; a condition of every gate",
    "plausibility": "Arts. 5, 17: amounts to check, told to the applicant and to the office",
    "plaques": "Arts. 8, 22, 26, 28: from the order to the recovery, asked of awards and of revocations",
    "prize": "Arts. 6, 8: what an award brings, told at the approval and ordered later",
    "proposed": "Art. 21: the proposed list, where publicity ends and approval begins",
    "record": "Art. 13(6): adverse records and higher awards; a condition of every gate",
    "recipients": "Art. 4: whom the award is given to, a condition of every gate",
    "recovery": "Art. 26: what has to come back, and when it came",
    "removal": "Arts. 13, 26, 28: out of a round or off an approved list, asked in three rooms",
    "review_rules": "Art. 10: set with the round, followed in the qualification and the reviews",
    "revocation_cases": "Arts. 26, 28: the two sides of a case, heard before it is submitted, annulled on review",
    "scoring": "Arts. 18, 19: from sheets to a panel's score and to the on-site list",
    "seats": "Art. 6: asked of candidates, proposed names and awards alike",
    "sectors": "Art. 6: industries and their seat categories, from the form to the award",
    "sharing": "Art. 25: what winners share, withheld where it is a trade secret; told with the award",
    "stated_days": "Arts. 13, 22: facts as they stood on the day that an act states, whatever room keeps them",
    "title_use": "Art. 23: where the title may stand",
    "retention": "how long data that leads to persons is kept: no matter of the measures, which name no period",
    "validity": "Arts. 23, 31: from when to when an award is valid, asked by whatever follows it",
    "visits": "Art. 27: visits to winners, entered in the room of supervision",
    "working_days": "Art. 21: the calendar by which periods end",
}
# Tests of the API about no room: what every operation does.
TESTS = {
    "bad_input",
    "bad_input_connections",
    "bad_input_headers",
    "cli",
    "database_accounts",
    "database_guards",
    "database_tls",
    "database_trouble",
    "desk",
    "ending",
    "ending_attacked",
    "frozen",
    "frozen_pages",
    "http_links",
    "http_methods",
    "http_queries",
    "http_representations",
    "http_sorted_lists",
    "http_tables",
    "http_tables_within",
    "plain_answers",
    "portal",
    "reading_sessions",
    "refusals_by_procedure",
    "refusals_by_state",
    "transactions",
    "transactions_counted",
    "workers",
}
# Made by the services of one other room than the one that keeps it: with the reason.
MADE_ELSEWHERE = {
    "Award": "approval confers it, with the decree",
    "Consultation": "qualification asks; what is asked and answered is kept by itself",
    "Disclosure": "asked for where originals are looked after, of objections and of reports of misuse alike",
    "PartyStatement": "said in a case and to an adverse record: what both share stands with the applications",
    "StatementFile": "as the statement to which it belongs",
    "Recovery": "opened by the money of a revoked award; what comes back is entered with the revocation",
}
_WRITES = frozenset({"post", "put", "patch", "delete"})
_OF_AN_ARTICLE = re.compile(r"art\d\d(_|$)")


def faults(app: Path) -> Iterator[str]:
    """What the floors of the package at `app` have too little or too much."""
    for floor, own in OWN.items():
        rooms = _modules(app / floor)
        for subject in SUBJECTS:
            if subject not in rooms:
                yield f"app/{floor}: no room for {subject}"
        for name in sorted(rooms - own - set(SUBJECTS)):
            yield f"app/{floor}/{name}: neither a subject of the measures nor a thing of this floor's own"
        for name in sorted(own - rooms):
            yield f"app/{floor}: {name} is named in scripts/lint_rooms.py and is not there"


def read_faults(reads: Path) -> Iterator[str]:
    """Which reads are not listed, or listed and not there."""
    modules = _modules(reads)
    for name in sorted(modules - set(READS)):
        yield f"app/reads/{name}: not among those that scripts/lint_rooms.py lists with their subject"
    for name in sorted(set(READS) - modules):
        yield f"app/reads: {name} is named in scripts/lint_rooms.py and is not there"


def law_faults(measures: Path) -> Iterator[str]:
    """Which modules of the law, and which of its state machines, bear neither a room's name nor one that is listed."""
    modules = _modules(measures)
    for name in sorted(modules - set(SUBJECTS) - FOUNDATION - set(MATTERS)):
        yield f"app/measures/{name}: neither a room nor a matter that scripts/lint_rooms.py lists with its reason"
    for name in sorted((FOUNDATION | set(MATTERS)) - modules):
        yield f"app/measures: {name} is named in scripts/lint_rooms.py and is not there"
    for name in sorted(FOUNDATION & modules):
        if (measures / f"{name}.py").exists() and _decides(ast.parse((measures / f"{name}.py").read_text("utf-8"))):
            yield f"app/measures/{name}: it decides a rule, and is listed as the law's foundation"
    for name in sorted(_modules(measures / "state_machines") - set(SUBJECTS) - {"machine"}):
        yield f"app/measures/state_machines/{name}: an object with a state belongs to a room"


def model_faults(store: Path) -> Iterator[str]:
    """Which models stand in another room than the first migration makes their table in: an aggregate is one file, or
    one folder. What serves no subject is the store's own."""
    made = {
        table: path.stem
        for path in sorted((store / "first_schema").glob("*.py"))
        for table in _tables_made(ast.parse(path.read_text("utf-8")))
    }
    for path in sorted(store.rglob("*.py")):
        room = path.relative_to(store).parts[0].removesuffix(".py")
        if room == "first_schema":
            continue
        kept = "service" if room in OWN["store"] else room
        for model, table in _models(ast.parse(path.read_text("utf-8"))):
            if made.get(table) not in (kept, None):
                yield f"app/store/{room}: {model} is of {made[table]}, where its table {table} is made"


def maker_faults(app: Path) -> Iterator[str]:
    """Which models are made by the services of one room alone, and stand in another."""
    store, services = app / "store", app / "services"
    stands = {
        model: _room(path, store)
        for path in sorted(store.rglob("*.py"))
        for model, _ in _models(ast.parse(path.read_text("utf-8")))
    }
    makers: dict[str, set[str]] = {}
    for path in sorted(services.rglob("*.py")):
        for model in _made(ast.parse(path.read_text("utf-8"))) & set(stands):
            makers.setdefault(model, set()).add(_room(path, services))
    for model, rooms in sorted(makers.items()):
        elsewhere = len(rooms) == 1 and rooms != {stands[model]} and stands[model] not in OWN["store"]
        if elsewhere and model not in MADE_ELSEWHERE:
            yield f"app/store/{stands[model]}: {model} is made in {rooms.pop()} alone, and belongs there"
        if not elsewhere and model in MADE_ELSEWHERE:
            yield f"{model} is named in scripts/lint_rooms.py as made elsewhere, and is not"


def _made(tree: ast.Module) -> set[str]:
    """The names of what is called like a class."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {item.id for item in called if isinstance(item, ast.Name)}
    return {
        name for name in plain | {item.attr for item in called if isinstance(item, ast.Attribute)} if name[:1].isupper()
    }


def act_faults(app: Path) -> Iterator[str]:
    """Which operations have their route in another room than their service, which is a file of their name."""
    stands = {path.stem: _room(path, app / "services") for path in sorted((app / "services").rglob("*.py"))}
    for path in sorted((app / "routers").rglob("*.py")):
        room = _room(path, app / "routers")
        for name in _written_by(ast.parse(path.read_text("utf-8"))):
            if stands.get(name, room) != room:
                yield f"app/routers/{room}: {name} is of {stands[name]}, where its service stands"


def _room(path: Path, floor: Path) -> str:
    return path.relative_to(floor).parts[0].removesuffix(".py")


def _written_by(tree: ast.Module) -> Iterator[str]:
    """The operations of a router that write."""
    for node in (item for item in tree.body if isinstance(item, ast.AsyncFunctionDef)):
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in _WRITES:
                yield node.name


def _tables_made(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Table":
            yield from (str(item.value) for item in node.args[:1] if isinstance(item, ast.Constant))


def _models(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The classes that are tables, each with its table's name."""
    for node in (item for item in ast.walk(tree) if isinstance(item, ast.ClassDef)):
        for item in (part for part in node.body if isinstance(part, ast.Assign)):
            named = isinstance(item.targets[0], ast.Name) and item.targets[0].id == "__tablename__"
            if named and isinstance(item.value, ast.Constant):
                yield node.name, str(item.value.value)


def api_test_faults(folder: Path) -> Iterator[str]:
    """Which tests of the API begin with neither a room's name nor an article, and are not listed."""
    names = {path.stem.removeprefix("test_") for path in folder.glob("test_*.py")}
    rooms = re.compile(rf"({'|'.join(SUBJECTS)})(_|$)")
    for name in sorted(names - TESTS):
        if not rooms.match(name) and not _OF_AN_ARTICLE.match(name):
            yield f"tests/api/test_{name}.py: begins with neither a room nor an article"
    for name in sorted(TESTS - names):
        yield f"tests/api: test_{name}.py is named in scripts/lint_rooms.py and is not there"


def _modules(folder: Path) -> set[str]:
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    return found - {"__init__"}


def _decides(tree: ast.Module) -> bool:
    """Whether a function in it enters itself as deciding a rule."""
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "rule"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
    )


def main(root: Path) -> int:
    """Print every fault; the number of them."""
    found = [
        *faults(root / "app"),
        *read_faults(root / "app" / "reads"),
        *law_faults(root / "app" / "measures"),
        *api_test_faults(root / "tests" / "api"),
        *model_faults(root / "app" / "store"),
        *maker_faults(root / "app"),
        *act_faults(root / "app"),
    ]
    for fault in found:
        print(fault)
    print(f"Rooms: {len(SUBJECTS)} subjects on {len(OWN)} floors, {len(found)} faults")
    return len(found)


if __name__ == "__main__":
    sys.exit(1 if main(Path(__file__).resolve().parent.parent) else 0)
