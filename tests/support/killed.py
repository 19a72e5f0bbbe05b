"""A process that is killed in the middle of a request: forked, told at which statement to die, dead without a last
word."""

import os
import signal
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.world import World
from tests.support import writes

_FAILED = 3


def killed_at(statement: int, settings: Settings, now: datetime, act: Callable[[World], Any]) -> bool:
    """Run `act` in a child that kills itself before its nth statement that may write, or commit; whether it died of
    that. To die before one that only reads leaves the same behind as to die before the next one that writes.

    `settings` are those of the fixture, by which a test is known to look at the database past its own service.
    False: the act was through before the nth statement. Raises when the child failed in another way.
    """
    writes.unseen()
    with warnings.catch_warnings():
        # The child uses nothing of the parent's threads: it builds its own application.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        run(statement, settings, now, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the act failed in the child"
    return False


def run(statement: int, settings: Settings, now: datetime, act: Callable[[World], Any]) -> None:
    """Build an application, do the act, and be killed before its nth statement that may write, or commit; ends this
    process either way."""
    seen, armed = 0, False

    def count(_connection: Any, _cursor: Any = None, told: str = "COMMIT", *_rest: Any) -> None:
        nonlocal seen
        if armed and writes.may_write(told):
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        clock = MovableClock(now)
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        with TestClient(create_app(settings, clock=clock)) as client:
            world = World(client, clock)
            armed = True
            act(world)
    except BaseException:
        os._exit(_FAILED)
    os._exit(0)
