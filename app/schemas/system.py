"""Health on the wire."""

from pydantic import Field

from app.kernel.error_codes import ProblemCode
from app.schemas.common import Out


class Health(Out):
    """Whether the service is alive or ready."""

    status: str


class ProblemKindOut(Out):
    """A kind of problem: what the `type` of a problem document leads to."""

    code: ProblemCode
    status: int | None = Field(ge=400, le=599, description="Its HTTP status; null where it has none of its own.")
    title_zh: str
    title_en: str
    remedy_zh: str = Field(description="What to do next.")
    remedy_en: str
