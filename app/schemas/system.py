"""Health on the wire."""

from app.schemas.common import Out


class Health(Out):
    """Whether the service is alive or ready."""

    status: str
