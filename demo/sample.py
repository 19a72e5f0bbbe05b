"""The sample data of `make run`: a concluded round, one that takes applications today, an account for every role.

Whatever it makes is marked as a sample by the service that makes it. It is made through the API itself, on a clock that
stands in the past; loading it twice changes nothing. It goes into the embedded database only, unless told otherwise.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from chinese_calendar import constants as published
from starlette.testclient import TestClient

from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.settings import Settings
from app.main import create_app
from app.store.identity import Account
from app.store.migrations import NotOfThisLine, upgrade
from app.store.rounds import Round
from demo.history import EXTENSION, holiday_year
from demo.telling import table
from sandbox.clock import MovableClock
from sandbox.seed import DEPARTMENTS, PASSWORD, REVIEWERS, UNITS, known, seed
from sandbox.stages.applications import Applied, apply
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import COMMITTEE, approve, decree, deliberate, fix_proposed, publish
from sandbox.stages.money import order, pay
from sandbox.stages.parties import register
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import review
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

_TRIAL_ENDS = date(2025, 6, 30)
_APPLICANT = "applicant"
# Published, as is that of the other accounts: a service that is not the sample's takes neither.
APPLICANT_PASSWORD = "a long sample password"
_OPEN = "样例本届"
_DAYS_TO_APPLY = 60


def main(arguments: Sequence[str] = ()) -> int:
    """Load the sample, or say why not; what the process exits with."""
    settings = Settings()
    if not _parse(arguments).into_this_database and not embedded(settings.database_url):
        print(
            "所设数据库不是默认的内置数据库，未载入样例；确需载入时请加 --into-this-database\n"
            "The database that is set is not the embedded default: no sample is loaded into it. If it is meant, say "
            "--into-this-database. (SAMPLE=0 make run: without sample data.)",
            file=sys.stderr,
        )
        return 1
    url = settings.database_url
    try:
        holds = held(url)
    except NotOfThisLine as error:
        print(f"{error.message.zh}\n{error.message.en}", file=sys.stderr)
        return 1
    if holds is Held.OTHER:
        print("数据库中已有其他数据，未载入样例 / The database holds data of its own: no sample is loaded into it.")
        return 0
    if holds is Held.BROKEN:
        print(
            "数据库中的样例不完整（上次载入中断，或为旧版样例），请清空数据库后重新启动\n"
            "The sample in the database is incomplete (broken off, or of an earlier version): empty the database and "
            "start again."
        )
        return 1
    if holds is Held.SAMPLE:
        print("样例数据已载入 / Sample data are there already.")
    else:
        print("正在载入样例数据（仅首次） / Loading sample data (the first time only) ...", flush=True)
        seed(url)
        load(settings, shanghai_day(SystemClock().now()))
    _tell_accounts()
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.sample", description="Load the sample data / 载入样例数据")
    parser.add_argument(
        "--into-this-database",
        action="store_true",
        help="load into the database that is set, whichever it is / 载入所设的数据库",
    )
    return parser.parse_args(arguments)


def embedded(database_url: str) -> bool:
    """Whether it is the database that the service has where nobody has set another one."""
    ours, theirs = sa.make_url(Settings.model_fields["database_url"].default), sa.make_url(database_url)
    if theirs.get_backend_name() != "sqlite" or not theirs.database:
        return False
    return Path(theirs.database).resolve() == Path(str(ours.database)).resolve()


def load(settings: Settings, today: date) -> None:
    """Play the sample into a seeded database, as the service of these settings; what it makes is marked."""
    clock = MovableClock.at("2023-07-03")
    marking = settings.model_copy(update={"log_level": "ERROR", "marks_samples": True})
    with TestClient(create_app(marking, clock=clock)) as client:
        play(World(client, clock), today)


class Held(Enum):
    """What a database holds: nothing, the whole sample, a part of it, or something that is not ours to touch."""

    NOTHING = 1
    SAMPLE = 2
    BROKEN = 3
    OTHER = 4


def held(url: str) -> Held:
    """What the database holds, brought up to date here; raises `NotOfThisLine` where it cannot be. The call of the open
    round is the sample's last step."""
    if url.startswith("sqlite:///"):
        Settings().keys_file.parent.mkdir(parents=True, exist_ok=True)
    upgrade(url)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        accounts = connection.execute(sa.select(sa.func.count()).select_from(Account)).scalar_one()
        ours = connection.execute(sa.select(Account.id).where(Account.id == known("account:office"))).first()
        last = sa.select(Round.id).where(Round.is_sample, Round.title == _OPEN, Round.called_at.is_not(None))
        whole = connection.execute(last).first() is not None
    engine.dispose()
    if not accounts:
        return Held.NOTHING
    if ours is None:
        return Held.OTHER
    return Held.SAMPLE if whole else Held.BROKEN


def play(world: World, today: date) -> None:
    """A round of two years ago, then the open one: one round at a time, every second year (Art. 6)."""
    # Yesterday, so that nothing lies in the future at whatever hour it is loaded.
    called = today - timedelta(days=1)
    before = date(called.year - 2, called.month, min(called.day, 28))
    if before > _TRIAL_ENDS:
        _law(world, max(before - timedelta(days=30), date(2025, 6, 20)), today)
    _concluded(world, before)
    if before <= _TRIAL_ENDS:
        _law(world, max(world.clock.today, date(2025, 6, 20)), today)
    _open(world, called)


def _law(world: World, day: date, today: date) -> None:
    world.clock.go(day)
    extension = {**EXTENSION, "in_force_to": f"{today.year + 5}-12-31"}
    ok(world.office.post("/v1/instruments", extension), 201)
    shipped = {holiday.year for holiday in published.holidays}
    # From the year of the earlier round to the one in which the publicity of the open one may end.
    for year in range(today.year - 3, today.year + 2):
        if year not in shipped:
            ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)


def _concluded(world: World, called: date) -> None:
    world.clock.go(called)
    round_id = open_round(world, called.year, deadline=(called + timedelta(days=30)).isoformat(), title="样例上一届")
    registered = register(
        world, name="样例机械制造有限公司", sector="3489", login=_APPLICANT, password=APPLICANT_PASSWORD
    )
    applied = [
        apply(world, round_id, name="样例食品制造有限公司", sector="1422"),
        apply(
            world,
            round_id,
            unit="health",
            name="样例中医院",
            sector="8412",
            operating=False,
            legal_form="public_institution",
        ),
        apply(world, round_id, organisation=registered),
    ]
    qualify(world, round_id)
    # The last one wins nothing: a winner of this round could not apply in the next one (Art. 6).
    _score(world, round_id, applied, [80, 85, 55])
    winners = [item.id for item in applied[:2]]
    deliberate(world, round_id, recommended=winners, chair=COMMITTEE[0])
    publish(world, round_id, winners)
    fix_proposed(world, round_id)
    approve(world, round_id)
    conferred = decree(
        world,
        round_id,
        number=f"样例字〔{world.clock.today.year}〕1号",
        issuer="会昌县人民政府",
        addressees=["各样例乡（镇）人民政府"],
        attachments=["样例获奖组织名单"],
        published_on=world.clock.today.isoformat(),
    )["awards"]
    first, _ = (
        order(world, _winner(world, applied, award["id"], place), budget_year=world.clock.today.year)
        for place, award in enumerate(conferred, 1)
    )
    # The second one waits for whoever tries the payment platform's part.
    pay(world, first)


def _winner(world: World, applied: list[Applied], award_id: str, place: int) -> Winner:
    told = ok(world.office.get(f"/v1/awards/{award_id}"))
    applicant = next(item.applicant for item in applied if item.organisation_id == told["organisation_id"])
    return Winner(told["id"], told["organisation_id"], "", told["awarded_name"], applicant, place=place)


def _open(world: World, called: date) -> None:
    """A round that takes applications; nobody has begun one yet."""
    world.clock.go(called)
    deadline = (called + timedelta(days=_DAYS_TO_APPLY)).isoformat()
    open_round(world, called.year, deadline=deadline, title=_OPEN)


def _score(world: World, round_id: str, applied: list[Applied], percents: list[int]) -> None:
    review(world, round_id, {item.id: percent for item, percent in zip(applied, percents, strict=True)})


def _tell_accounts() -> None:
    rows: list[list[object]] = [["申报组织 applicant", _APPLICANT, APPLICANT_PASSWORD, "样例机械制造有限公司"]]
    rows += [["推荐单位 recommending unit", f"unit-{key}", PASSWORD, name] for key, (name, *_) in UNITS.items()]
    rows += [["部门 department", f"department-{key}", PASSWORD, name] for key, (name, *_) in DEPARTMENTS.items()]
    rows += [["评审员 reviewer", login, PASSWORD, f"样例评审员{login[-1]}"] for login in REVIEWERS[:2]]
    rows += [
        [f"{name} {role}", role, PASSWORD, "样例"]
        for name, role in (("质量强县办", "office"), ("县政府", "government"), ("审计", "auditor"))
    ]
    rows += [["惠企平台 payment platform", "payment_platform", PASSWORD, "样例（client credentials）"]]
    print("\n演示账户（仅样例数据） / Demonstration accounts (sample data only):")
    table(["role 角色", "login or client id 登录名", "password or secret 密码", "who 单位"], rows)
    print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
