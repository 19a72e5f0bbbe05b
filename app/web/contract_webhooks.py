"""What the service itself sends to the endpoints of others, for the contract."""

from __future__ import annotations

from app.measures.recommendations import RecommendationChange
from app.web.contract_examples import Part
from app.web.contract_schemas import PREFIX

# Each with the longest that it can be: a signature is by two secrets at most, while one follows another.
_SIGNED = {
    "webhook-id": ("The same at every attempt.", 64),
    "webhook-timestamp": ("When this attempt was made, in seconds since 1970.", 20),
    "webhook-signature": ("By each secret that stands, as Standard Webhooks signs.", 200),
    "traceparent": ("The trace of the act that it tells of, and the span of this attempt (W3C Trace Context).", 55),
}

_MESSAGE, _CHANGED = "RecommendationMessage", "ChangedRecommendation"


def schemas() -> Part:
    """What is sent, for the components: a receiver's client has a type of it, as of whatever else."""
    identifier = {"type": "string", "format": "uuid"}
    changed = {
        "description": "Which recommendation has changed; what it is now, is read by its id (Art. 3).",
        "type": "object",
        "properties": {"recommendation_id": identifier, "position": {"type": "integer", "format": "int64"}},
        "required": ["recommendation_id", "position"],
    }
    message = {
        "description": "What a webhook sends: the change, as the feed of changes has it (Art. 3).",
        "type": "object",
        "properties": {
            "type": {"$ref": f"{PREFIX}RecommendationChange"},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"$ref": PREFIX + _CHANGED},
        },
        "required": ["type", "timestamp", "data"],
    }
    return {_MESSAGE: message, _CHANGED: changed}


def webhooks() -> Part:
    """`webhooks` of the contract: the changes of a unit's recommendations (Art. 3), of which the feed tells as well."""
    headers = [
        {
            **{"name": name, "in": "header", "required": True, "description": text},
            "schema": {"type": "string", "maxLength": longest},
        }
        for name, (text, longest) in _SIGNED.items()
    ]
    example = {
        "type": RecommendationChange.REQUESTED.told,
        "timestamp": "2024-03-01T02:00:00Z",
        "data": {"recommendation_id": "0190a1b2-c3d4-7e5f-8a9b-000000000001", "position": 42},
    }
    return {
        "recommendationChanged": {
            "post": {
                "tags": ["recommendations"],
                "summary": "A recommendation has changed",
                "description": "Sent to the endpoints of the unit that it was asked of, ids only (Art. 3). Answer 2xx "
                "within 15 seconds; what is not taken comes again, 410 ends it.",
                "operationId": "recommendation_changed",
                "parameters": headers,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": PREFIX + _MESSAGE}, "example": example}},
                },
                "responses": {"204": {"description": "Taken."}, "410": {"description": "Send no more."}},
                "security": [],
            }
        }
    }
