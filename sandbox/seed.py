"""Accounts, units and departments that everything begins with. Ids are made from names, so callers know them."""

from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.measures.publicity import MediumKind
from app.store.identity import Account
from app.store.notices import RegisteredMedium
from app.store.reviewers import Reviewer
from app.store.units import Department, RecommendingUnit

EPOCH = datetime(2023, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"
# Argon2id of PASSWORD, with the weakest parameters: hashing is the library's business, not every caller's.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$gI7CsY9sbwAe+E6orPftqQ$HjKtqKseh/FqD2gA+tImzIJG3DJRLImFZ1CHec4+MSM"

UNITS = {
    "wenwuba": ("文武坝镇", "township", "文武坝镇", None),
    "junmenling": ("筠门岭镇", "township", "筠门岭镇", None),
    "community": ("会昌县城市社区管委会", "urban_community_committee", "城市社区", None),
    "industry": ("样例工业主管部门", "department", None, "制造业"),
    "health": ("样例卫生主管部门", "department", None, "卫生"),
    "logistics": ("样例物流行业协会", "association", None, "物流"),
}
DEPARTMENTS = {
    "market": (
        "市场监督管理局",
        "Market supervision",
        (
            "quality_complaint",
            "attributable_return",
            "failed_inspection",
            "other_violation",
        ),
    ),
    "emergency": ("应急管理局", "Emergency management", ("fatal_accident",)),
    "ecology": (
        "生态环境局",
        "Ecology and environment",
        (
            "fatal_accident",
            "other_violation",
        ),
    ),
    "health": (
        "卫生健康委员会",
        "Health",
        (
            "fatal_accident",
            "other_violation",
        ),
    ),
    "labour": ("人力资源和社会保障局", "Human resources and social security", ("labour_dishonesty",)),
    "statistics": ("统计局", "Statistics", ("false_statistics",)),
    "tax": ("税务局", "Taxation", ("tax_dishonesty",)),
    "housing": (
        "住房和城乡建设局",
        "Housing and construction",
        (
            "fatal_accident",
            "other_violation",
        ),
    ),
    "credit": ("发展和改革委员会（信用）", "Development and reform (credit)", ("other_violation",)),
    "court": ("人民法院", "Court (enforcement)", ("other_violation",)),
}
REVIEWERS = tuple(f"reviewer{number}" for number in range(1, 7))

# The register of media (Art. 21).
MEDIA = {f"样例媒体{number}": MediumKind.NEWSPAPER for number in range(1, 6)} | {
    "样例日报": MediumKind.NEWSPAPER,
    "县政府网站": MediumKind.GOVERNMENT_WEBSITE,
}


def known(name: str) -> UUID:
    """The id of a seeded thing, e.g. `known("unit:wenwuba")`, `known("account:office")`."""
    return uuid5(NAMESPACE_URL, f"seed:{name}")


def seed(sync_url: str) -> None:
    """Fill a fresh database."""
    engine = create_engine(sync_url)
    with Session(engine) as session:
        for key, (name, kind, area, industry) in UNITS.items():
            session.add(
                RecommendingUnit(
                    id=known(f"unit:{key}"), created_at=EPOCH, name=name, kind=kind, area=area, industry=industry
                )
            )
        for key, (name, name_en, categories) in DEPARTMENTS.items():
            session.add(
                Department(
                    id=known(f"department:{key}"),
                    created_at=EPOCH,
                    name=name,
                    name_en=name_en,
                    categories=list(categories),
                )
            )
        for name, kind in MEDIA.items():
            session.add(
                RegisteredMedium(
                    id=known(f"medium:{name}"), created_at=EPOCH, name=name, kind=kind, document="样例：出版许可证"
                )
            )
        session.flush()
        for role in ("office", "government", "system_administrator", "security_administrator", "auditor"):
            session.add(_account(role, role))
        session.add(_account("payment_platform", "payment_platform", kind="machine"))
        for key in UNITS:
            session.add(_account(f"unit-{key}", "recommending_unit", unit_id=known(f"unit:{key}")))
        for key in DEPARTMENTS:
            session.add(_account(f"department-{key}", "department", department_id=known(f"department:{key}")))
        for login in REVIEWERS:
            session.add(_account(login, "reviewer"))
        session.flush()
        for login in REVIEWERS:
            session.add(
                Reviewer(
                    id=known(f"reviewer:{login}"),
                    created_at=EPOCH,
                    account_id=known(f"account:{login}"),
                    name=f"样例评审员{login[-1]}",
                    expertise="质量管理",
                    employer=None,
                    employer_uscc=None,
                    unit_id=None,
                    qualified_from=date(2023, 1, 1),
                    qualified_until=date(2035, 12, 31),
                    state="active",
                )
            )
        session.commit()
    engine.dispose()


def _account(
    login: str, role: str, *, kind: str = "person", unit_id: UUID | None = None, department_id: UUID | None = None
) -> Account:
    return Account(
        id=known(f"account:{login}"),
        created_at=EPOCH,
        login=login,
        kind=kind,
        role=role,
        display_name=f"样例 {login}",
        secret_hash=PASSWORD_HASH,
        unit_id=unit_id,
        department_id=department_id,
        tokens_valid_from=EPOCH,
    )
