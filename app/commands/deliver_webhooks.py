"""`python -m app.cli deliver-webhooks [--once]`: tell the webhooks what they have not been told yet.

Several of these may run beside each other. A message that was sent and not noted, because the process died between,
is sent again with the same id: receivers see everything at least once, in order.
"""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import anyio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.commands.operator import keys_of, refuse_without_keys
from app.kernel import audit
from app.kernel.clock import Clock, SystemClock
from app.kernel.context import WriteContext
from app.kernel.files import FileStore
from app.kernel.security.principal import OPERATOR
from app.kernel.settings import Settings
from app.kernel.webhook_sender import WebhookSender
from app.services.recommendations import deliver_webhooks
from app.store.base import new_id
from app.store.database import Database
from app.web.observability import configure_logging

POLL_SECONDS = 5.0
# So many endpoints at the same time: a slow one does not hold up the others.
_AT_ONCE = 8

_log = structlog.get_logger("webhooks")


def run(settings: Settings, *, once: bool) -> int:
    """Deliver until told to end (SIGTERM: 0) or interrupted, or once; what the process answers with."""
    configure_logging(settings.log_level)
    try:
        anyio.run(_deliver, settings, once)
    except KeyboardInterrupt:
        return 130
    return 0


async def _deliver(settings: Settings, once: bool) -> None:
    database = Database(settings.database_url, pool_size=settings.database_pool_size, seals=keys_of(settings))
    try:
        async with database.reading() as session:
            await refuse_without_keys(settings, session)
        deliverer = Deliverer(database, settings, SystemClock())
        if once:
            await deliverer.deliver_waiting()
            return
        async with anyio.create_task_group() as working:
            working.start_soon(_deliver_on, deliverer)
            with anyio.open_signal_receiver(signal.SIGTERM) as told:
                async for _ in told:
                    # A message that is under way is sent again by the next, under the same id.
                    working.cancel_scope.cancel()
                    break
    finally:
        await database.close()


async def _deliver_on(deliverer: Deliverer) -> None:
    while True:
        try:
            await deliverer.deliver_waiting()
        except* (SQLAlchemyError, OSError) as errors:
            _log.error("database_unavailable", error=type(errors.exceptions[0]).__name__)
        await anyio.sleep(POLL_SECONDS)


class Deliverer:
    """Sends what waits. No transaction is open while a message is under way."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._files = FileStore.from_settings(settings)
        self._request_id = f"deliver-webhooks-{new_id().hex}"

    async def deliver_waiting(self) -> int:
        """One pass over every endpoint that has something to be told and may be tried; how many messages were taken."""
        async with self._writing() as context:
            waiting = await deliver_webhooks.waiting_webhooks(context)
        if not waiting:
            return 0
        taken = 0
        places = anyio.CapacityLimiter(_AT_ONCE)

        async def tell(webhook_id: UUID) -> None:
            nonlocal taken
            async with places:
                taken += await self._tell(webhook_id, sender)

        async with (
            WebhookSender(
                allow_private=self._settings.webhook_allow_private, ports=self._settings.webhook_port_numbers
            ) as sender,
            anyio.create_task_group() as endpoints,
        ):
            for webhook_id in waiting:
                endpoints.start_soon(tell, webhook_id)
        return taken

    async def _tell(self, webhook_id: UUID, sender: WebhookSender) -> int:
        """Message after message to one endpoint, until nothing is left or one is not taken."""
        taken, going_on = 0, True
        while going_on:
            async with self._writing() as context:
                due = await deliver_webhooks.claim(context, webhook_id=webhook_id, held=taken > 0)
            if due is None:
                break
            delivery = await sender.send(due.url, due.message, secrets=due.secrets, now=self._clock.now())
            async with self._writing() as context:
                going_on = await deliver_webhooks.record_delivery(context, due=due, delivery=delivery)
            taken += delivery.taken
            _log.info(
                "webhook",
                webhook_id=str(webhook_id),
                position=due.position,
                error=delivery.error,
                trace_id=due.message.trace_id,
            )
        return taken

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[WriteContext]:
        """A transaction of the operator's: no caller asked for it."""
        async with self._database.writing() as session:
            context = WriteContext(
                session=session,
                actor=OPERATOR,
                now=self._clock.now(),
                request_id=self._request_id,
                settings=self._settings,
                files=self._files,
            )
            yield context
            await audit.flush(context)
            await session.commit()
