"""Health on the wire."""

from app.schemas.common import Out


class Health(Out):
    status: str
