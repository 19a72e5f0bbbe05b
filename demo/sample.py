"""The sample data of `make run`: one concluded round, one whose publicity is open today, an account for every role.

Everything is marked as a sample. It is made through the API itself, on a clock that stands in the past; loading it
twice changes nothing.
"""

import sys
from datetime import date, timedelta
from enum import Enum

import sqlalchemy as sa
from chinese_calendar import constants as published
from starlette.testclient import TestClient

from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.settings import Settings
from app.main import create_app
from app.store.identity import Account
from app.store.organisations import Organisation
from app.store.rounds import Round
from demo.history import EXTENSION, holiday_year
from demo.telling import table
from tests.support.clock import MovableClock
from tests.support.databases import migrate
from tests.support.seed import DEPARTMENTS, PASSWORD, REVIEWERS, UNITS, known, seed
from tests.support.stages.applications import Applied, apply
from tests.support.stages.awarded import Winner
from tests.support.stages.decision import approve, decree, deliberate, fix_proposed, publish
from tests.support.stages.money import order, pay
from tests.support.stages.parties import PASSWORD as APPLICANT_PASSWORD
from tests.support.stages.parties import register
from tests.support.stages.qualification import qualify
from tests.support.stages.reviews import review
from tests.support.stages.rounds import open_round
from tests.support.world import World, ok

_TRIAL_ENDS = date(2025, 6, 30)
_APPLICANT = "applicant"


def main() -> int:
    settings = Settings()
    url = settings.database_url.replace("sqlite+aiosqlite", "sqlite")
    holds = held(url)
    if holds is Held.OTHER:
        print("数据库中已有其他数据，未载入样例 / The database holds data of its own: no sample is loaded into it.")
        return 0
    if holds is Held.BROKEN:
        print(
            "上次载入样例中断，请清空数据库后重新启动\n"
            "Loading the sample was broken off: empty the database and start again."
        )
        return 1
    if holds is Held.SAMPLE:
        print("样例数据已载入 / Sample data are there already.")
    else:
        print("正在载入样例数据（仅首次） / Loading sample data (the first time only) ...", flush=True)
        seed(url)
        with TestClient(create_app(settings.model_copy(update={"log_level": "ERROR"}), clock=_clock())) as client:
            play(World(client, client.app.state.clock), shanghai_day(SystemClock().now()))  # type: ignore[attr-defined]
        _mark(url)
    _tell_accounts()
    return 0


class Held(Enum):
    """What a database holds: nothing, the whole sample, a part of it, or something that is not ours to touch."""

    NOTHING = 1
    SAMPLE = 2
    BROKEN = 3
    OTHER = 4


def held(url: str) -> Held:
    """What the database holds, brought up to date here. The marks of the sample are its last step."""
    if url.startswith("sqlite:///"):
        Settings().keys_file.parent.mkdir(parents=True, exist_ok=True)
    migrate(url)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        accounts = connection.execute(sa.select(sa.func.count()).select_from(Account)).scalar_one()
        ours = connection.execute(sa.select(Account.id).where(Account.id == known("account:office"))).first()
        marked = connection.execute(sa.select(Round.id).where(Round.is_sample)).first()
    engine.dispose()
    if not accounts:
        return Held.NOTHING
    if ours is None:
        return Held.OTHER
    return Held.SAMPLE if marked is not None else Held.BROKEN


def play(world: World, today: date) -> None:
    """Two rounds, dated from today backwards."""
    called = today - timedelta(days=100)
    before = date(called.year - 2, called.month, min(called.day, 28))
    if before > _TRIAL_ENDS:
        _law(world, max(before - timedelta(days=30), date(2025, 6, 20)), today)
    _concluded(world, before)
    if before <= _TRIAL_ENDS:
        _law(world, max(world.clock.today, date(2025, 6, 20)), today)
    _in_publicity(world, called, today)


def _law(world: World, day: date, today: date) -> None:
    world.clock.go(day)
    extension = {**EXTENSION, "in_force_to": f"{today.year + 5}-12-31"}
    ok(world.office.post("/v1/instruments", extension), 201)
    shipped = {holiday.year for holiday in published.holidays}
    # From the year of the earlier round to the one in which the publicity may end.
    for year in range(today.year - 3, today.year + 2):
        if year not in shipped:
            ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)


def _concluded(world: World, called: date) -> None:
    world.clock.go(called)
    round_id = open_round(world, called.year, deadline=(called + timedelta(days=30)).isoformat(), title="样例上一届")
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
    ]
    qualify(world, round_id)
    _score(world, round_id, applied, [80, 85])
    deliberate(world, round_id)
    publish(world, round_id, [item.id for item in applied])
    fix_proposed(world, round_id)
    approve(world, round_id)
    conferred = decree(world, round_id, number=f"样例字〔{world.clock.today.year}〕1号")["awards"]
    first, _ = (
        order(world, _winner(world, applied, award["id"]), budget_year=world.clock.today.year) for award in conferred
    )
    # The second one waits for whoever tries the payment platform's part.
    pay(world, first)


def _winner(world: World, applied: list[Applied], award_id: str) -> Winner:
    told = ok(world.office.get(f"/v1/awards/{award_id}"))
    applicant = next(item.applicant for item in applied if item.organisation_id == told["organisation_id"])
    return Winner(told["id"], told["organisation_id"], "", told["awarded_name"], applicant)


def _in_publicity(world: World, called: date, today: date) -> None:
    world.clock.go(called)
    round_id = open_round(world, called.year, deadline=(called + timedelta(days=40)).isoformat(), title="样例本届")
    registered = register(world, name="样例机械制造有限公司", sector="3489", login=_APPLICANT)
    applied = [
        apply(world, round_id, organisation=registered),
        apply(world, round_id, name="样例家具制造有限公司", sector="2110"),
        apply(world, round_id, unit="logistics", name="样例冷链物流有限公司", sector="5930"),
    ]
    qualify(world, round_id)
    _score(world, round_id, applied, [85, 80, 80])
    world.clock.go(max(world.clock.today, today - timedelta(days=3)))
    deliberate(world, round_id)
    publish(world, round_id, [item.id for item in applied])


def _score(world: World, round_id: str, applied: list[Applied], percents: list[int]) -> None:
    review(world, round_id, {item.id: percent for item, percent in zip(applied, percents, strict=True)})


def _clock() -> MovableClock:
    return MovableClock.at("2023-07-03")


def _mark(url: str) -> None:
    """Every organisation and round of the sample says that it is one."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.update(Organisation).values(is_sample=True))
        connection.execute(sa.update(Round).values(is_sample=True))
    engine.dispose()


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
    table(["role 角色", "login or client id 登录名", "password or secret 口令", "who 单位"], rows)
    print()


if __name__ == "__main__":
    sys.exit(main())
