"""HTTP in and out: policy in the signature, one service called, a schema returned."""

from app.routers import (
    applications,
    approval,
    audit,
    awards,
    consultations,
    deliberation,
    disbursements,
    identity,
    instruments,
    notices,
    objections,
    organisations,
    privacy,
    publicity,
    qualification,
    recommendations,
    reviewers,
    reviews,
    revocations,
    rounds,
    supervision,
    system,
    units,
)
from app.routers.applications import attachments, eligibility, registrations, renewals
from app.routers.instruments import measures
from app.routers.publicity import leaving
from app.routers.recommendations import integration, requests, webhooks
from app.routers.units import cultivation

# In the order of a round.
ALL = (
    system.router,
    identity.router,
    organisations.router,
    registrations.router,
    units.router,
    cultivation.router,
    instruments.router,
    measures.router,
    rounds.router,
    notices.router,
    applications.router,
    requests.router,
    leaving.router,
    attachments.router,
    renewals.router,
    eligibility.router,
    recommendations.router,
    integration.router,
    webhooks.router,
    consultations.router,
    qualification.router,
    reviewers.router,
    reviews.router,
    deliberation.router,
    publicity.router,
    objections.router,
    approval.router,
    awards.router,
    disbursements.router,
    supervision.router,
    revocations.router,
    audit.router,
    privacy.router,
)
