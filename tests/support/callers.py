"""Somebody of every role, for those who try what each of them may do."""

from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.stages.parties import register
from sandbox.world import World


def callers(world: World, *, unit: str = "wenwuba") -> dict[Role, Caller]:
    """A caller of every role; the unit by its seeded key."""
    return {
        Role.APPLICANT: register(world).applicant,
        Role.RECOMMENDING_UNIT: world.by(f"unit-{unit}"),
        Role.DEPARTMENT: world.by("department-tax"),
        Role.REVIEWER: world.by("reviewer1"),
        Role.OFFICE: world.office,
        Role.GOVERNMENT: world.government,
        Role.PAYMENT_PLATFORM: world.platform,
        Role.SYSTEM_ADMINISTRATOR: world.by("system_administrator"),
        Role.SECURITY_ADMINISTRATOR: world.by("security_administrator"),
        Role.AUDITOR: world.auditor,
        Role.PUBLIC: world.public,
    }
