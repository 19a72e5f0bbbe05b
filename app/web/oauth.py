"""Where the service speaks OAuth 2.0 (RFC 6749), whose clients are libraries."""

from __future__ import annotations

# The token endpoint.
TOKENS = "/v1/tokens"
