"""The contract under random requests of twelve callers: `make fuzz-roles`, `python -m siege.fuzz`.

For each caller a service of its own stands on the sample, and schemathesis runs from its own command line with the
token that the caller signed in for: first a few requests to every operation, then its cases on the bounds of every
parameter, slice by slice: the operations that the caller may call and that no other has been through, then the rest. It
ends when the caller's share is asked, and tells cases, server errors, and answers that the contract does not name.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.kernel.settings import Settings
from sandbox.seed import PASSWORD
from siege.service import ROOT, connection, embedded, environment, serving, signed_in

CASES = 50_000
SEED = 1
# By caller the login that the sample publishes, and the role by which the contract knows who may call.
CALLERS = {
    "public": (None, "public"),
    "applicant": ("applicant", "applicant"),
    "township": ("unit-wenwuba", "recommending_unit"),
    "association": ("unit-logistics", "recommending_unit"),
    "department": ("department-tax", "department"),
    "reviewer": ("reviewer1", "reviewer"),
    "office": ("office", "office"),
    "government": ("government", "government"),
    "payment_platform": ("payment_platform", "payment_platform"),
    "system_administrator": ("system_administrator", "system_administrator"),
    "security_administrator": ("security_administrator", "security_administrator"),
    "auditor": ("auditor", "auditor"),
}
# As the sample prints them beside the logins.
_APPLICANTS_PASSWORD = "a long sample password"
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_SLICE = 16
_SERVER_ERRORS = ("ServerError", "ContentTypeServerError")


@dataclass(slots=True)
class Told:
    """What the requests of one caller, or of all, came to."""

    cases: int = 0
    server_errors: int = 0
    undocumented: int = 0
    # What schemathesis could not do, e.g. reach the service.
    errors: int = 0
    passwords_changed: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def fell(self) -> int:
        """What must be nothing."""
        return self.server_errors + self.undocumented + self.errors + self.passwords_changed

    def add(self, other: Told) -> None:
        """Count another's as well."""
        self.cases += other.cases
        self.server_errors += other.server_errors
        self.undocumented += other.undocumented
        self.errors += other.errors
        self.passwords_changed += other.passwords_changed
        self.failures += other.failures

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.server_errors} server errors, {self.undocumented} undocumented answers, "
            f"{self.errors} errors, {self.passwords_changed} passwords changed"
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Operations that are asked in one run, in which phases, with how many random cases each at most."""

    phases: str
    examples: int
    operations: tuple[str, ...] = ()


def secret(login: str) -> str:
    """What the sample prints beside this login."""
    return _APPLICANTS_PASSWORD if login == "applicant" else PASSWORD


def sample_in(folder: Path) -> Settings:
    """The settings of a service on the sample in this folder, in which nothing but rights and forms limits a caller."""
    return embedded(
        folder,
        marks_samples=True,
        second_factor_required=False,
        access_token_seconds=3600,
        fresh_proof_seconds=3600,
        public_posts_per_minute=10_000_000,
        reads_per_minute=10_000_000,
        login_attempts=10_000_000,
        log_level="CRITICAL",
    )


def load_sample(folder: Path) -> None:
    """Load the sample into a database in this folder."""
    folder.mkdir()
    command = [sys.executable, "-m", "demo.sample", "--into-this-database"]
    subprocess.run(command, cwd=folder, env=environment(sample_in(folder)), check=True, stdout=subprocess.DEVNULL)


def slices(operations: dict[str, set[str]], role: str, been: set[str], draw: random.Random) -> Iterator[Slice]:
    """What is asked of a caller of this role, without end. `operations`: their roles by their ids. `been`: those whose
    bounds some caller has been through already; it grows."""
    yield Slice("examples,fuzzing", 4)
    while True:
        own = sorted(name for name, roles in operations.items() if role in roles)
        order = [*draw.sample(own, len(own)), *draw.sample(sorted(operations), len(operations))]
        left = [name for name in dict.fromkeys(order) if name not in been]
        if not left:
            been.clear()
        while left:
            part, left = left[:_SLICE], left[_SLICE:]
            been.update(part)
            yield Slice("coverage,fuzzing", 6, tuple(part))


def run(address: str, caller: dict[str, str], asked: Slice, seed: int, folder: Path) -> Told:
    """One run of schemathesis by its own command line."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json", "--phases", asked.phases]
    command += ["-n", str(asked.examples), "--seed", str(seed), "-c", ",".join(_CHECKS), "--continue-on-failure"]
    command += ["--generation-database", "none", "--warnings", "off", "--no-color", "--request-timeout", "30"]
    command += ["--report", "json", "--report-json-path", str(report), "--suppress-health-check", "all"]
    for name, value in caller.items():
        command += ["-H", f"{name}: {value}"]
    for name in asked.operations:
        command += ["--include-operation-id", name]
    given = {**os.environ, "SCHEMATHESIS_HOOKS": "siege.serializer", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)
    if not report.exists():
        raise RuntimeError(f"schemathesis: {said.stdout[-1500:]}{said.stderr[-1500:]}")
    return _read(json.loads(report.read_text()), said.stdout)


def _read(report: dict[str, object], said: str) -> Told:
    cases, failures, errors = report["test_cases"], report["failures"], report["errors"]
    if not (isinstance(cases, dict) and isinstance(failures, list) and isinstance(errors, list)):
        raise TypeError("a report of another form")
    server = sum(int(item["count"]) for item in failures if item["type"] in _SERVER_ERRORS)
    told = Told(
        cases=int(cases["generated"]),
        server_errors=server,
        undocumented=sum(int(item["count"]) for item in failures) - server,
        errors=sum(int(item["count"]) for item in errors),
    )
    if told.fell:
        begins = said.find("= FAILURES =") if failures else said.find("= ERRORS =")
        told.failures.append(said[max(begins, 0) :][:6000])
    return told


def changed(client: httpx.Client) -> int:
    """How many of the sample's callers cannot sign in any more with what the sample prints."""
    count = 0
    for login, _ in CALLERS.values():
        try:
            if login is not None:
                signed_in(client, login, secret(login))
        except httpx.HTTPStatusError:
            count += 1
    return count


def ask(name: str, folder: Path, *, share: int, seed: int, been: set[str]) -> Told:
    """Every slice of one caller's share, on a service of its own."""
    login, role = CALLERS[name]
    told, draw = Told(), random.Random(f"{seed} {name}")
    with serving(sample_in(folder), folder) as service, connection(service.address) as client:
        contract = client.get("/openapi.json").json()
        operations = {
            operation["operationId"]: set(operation["x-roles"])
            for methods in contract["paths"].values()
            for operation in methods.values()
            if isinstance(operation, dict) and "operationId" in operation
        }
        for number, asked in enumerate(slices(operations, role, been, draw)):
            # Anew each time: whoever ends his own sessions has asked for it.
            caller = {} if login is None else signed_in(client, login, secret(login))
            told.add(run(service.address, caller, asked, seed + number, folder))
            if told.cases >= share:
                break
        told.passwords_changed = changed(client)
    return told


def main(cases: int, names: list[str], seed: int) -> int:
    """Ask so many cases in all, shared among these callers; 1 where something fell."""
    total, been, began = Told(), set[str](), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="award-fuzz-") as name:
        place = Path(name)
        load_sample(place / "sample")
        for caller in names:
            folder = place / caller
            shutil.copytree(place / "sample", folder)
            told = ask(caller, folder, share=-(-cases // len(names)), seed=seed, been=been)
            print(f"{caller:18} {told}", flush=True)
            for text in told.failures:
                print(text, flush=True)
            total.add(told)
            shutil.rmtree(folder)
    print(f"{'all':18} {total}; seed {seed}, {time.monotonic() - began:.0f} s")
    return 1 if total.fell else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m siege.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="CALLER", help=f"these alone: {', '.join(CALLERS)}")
    parser.add_argument("--cases", type=int, default=CASES, help="in all")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if unknown := set(given.names) - set(CALLERS):
        parser.error(f"no such caller: {', '.join(sorted(unknown))}")
    sys.exit(main(given.cases, given.names or list(CALLERS), given.seed))
