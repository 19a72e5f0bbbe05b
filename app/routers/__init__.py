"""HTTP in and out: policy in the signature, one service called, a schema returned."""

from app.routers import (
    applications,
    attachments,
    awards,
    decision,
    disbursements,
    eligibility,
    identity,
    publicity,
    recommendations,
    rounds,
    supervision,
    system,
)

ALL = (
    system.router,
    identity.router,
    rounds.router,
    disbursements.router,
    publicity.router,
    decision.router,
    awards.router,
    supervision.router,
    applications.router,
    attachments.router,
    recommendations.router,
    eligibility.router,
)
