"""What a process of the service has loaded before it is told what to do."""

from __future__ import annotations

import app.cli
import app.commands.serving
import app.main
import app.store.migrations
import app.web.server
import siege.chaos.kinds
import siege.chaos.migrations

__all__ = ["app", "siege"]
