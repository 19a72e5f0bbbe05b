"""HTTP in and out: policy in the signature, one service called, a schema returned."""

from app.routers import identity, rounds, system

ALL = (
    system.router,
    identity.router,
    rounds.router,
)
