"""Wiring only: settings in, application out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from fastapi import FastAPI

from app import __version__
from app.kernel.checkpoints import Checkpointer
from app.kernel.clock import Clock, SystemClock
from app.kernel.deliveries import Deliveries
from app.kernel.files import FileStore
from app.kernel.group_commit import GroupCommit
from app.kernel.refusals import RefusalLog
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.outside_provider import OutsideProvider
from app.kernel.security.sealing import Keyring
from app.kernel.security.tokens import TokenIssuer
from app.kernel.settings import Settings
from app.kernel.settings_record import SettingsRecord, begun
from app.kernel.sweeping import Sweeper
from app.kernel.throttle import Throttle
from app.pages import ALL as PAGES
from app.pages.refusals import RefusalPages
from app.pages.rendering import warm
from app.routers import ALL
from app.services.objections.take_objections_together import take_together
from app.services.privacy.anonymise_due import Retention
from app.store.database import Database
from app.web import problems
from app.web.cross_origin import CrossOrigin
from app.web.headers import KnownHosts, SingleHeaders, answered_with
from app.web.observability import BodyLimit, Limits, Metrics, Observer, UnderWay, configure_logging
from app.web.representations import Representations
from app.web.routing import IndexedRouter, PlainFirst

# Paths that take files: they limit themselves while they stream.
STREAMED = (
    "/attachments",
    "/files",
    "/stamped-opinions",
    "/consultation-sheet",
    "/scans",
    "/form-sheet",
    "/follow/evidence",
)

_WARM_AFTER_SECONDS = 0.5


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncIterator[None]:
    """What works beside the requests, from the start of the service to its end."""
    chosen: Settings = app.state.settings
    app.state.database = Database(chosen.database_url, pool_size=chosen.database_pool_size, seals=app.state.keyring)
    app.state.deliveries = Deliveries(lambda: app.state.database)
    app.state.objections = GroupCommit(lambda: app.state.database, take_together)
    app.state.refusals = RefusalLog(lambda: app.state.database, app.state.clock)
    app.state.sweeper = Sweeper(app.state.database, app.state.files, app.state.clock)
    app.state.checkpointer = Checkpointer(chosen, app.state.database, app.state.clock)
    app.state.retention = Retention(chosen, app.state.database, app.state.files, app.state.clock)
    working = (app.state.sweeper, app.state.retention, app.state.checkpointer, app.state.refusals)
    beside = [asyncio.create_task(item.run()) for item in working]
    beside.append(asyncio.create_task(_warmed()))
    if (start := begun()) is not None:
        record = SettingsRecord(chosen, app.state.database, app.state.clock, app.state.keyring, start)
        beside.append(asyncio.create_task(record.run()))
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        # Those that were cut off roll back yet.
        await app.state.under_way.over(seconds=2)
        await app.state.database.close()


async def _warmed() -> None:
    """The templates of the pages, made when the first requests have been answered: a start does not wait for them."""
    await asyncio.sleep(_WARM_AFTER_SECONDS)
    await asyncio.to_thread(warm)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """The application. `clock` is for demonstrations and tests: the product has no way to move time."""
    chosen = settings or Settings()
    configure_logging(chosen.log_level)

    app = FastAPI(
        title="Huichang Quality Award",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Requests are told by our own log and counters; nothing is sent on because of what an environment names.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.settings = chosen
    app.state.clock = clock or SystemClock()
    app.state.files = FileStore.from_settings(chosen)
    app.state.throttle = Throttle(chosen)
    app.state.metrics, app.state.under_way = Metrics(), UnderWay()
    app.state.tokens = TokenIssuer(
        keys_file=chosen.keys_file,
        # As the metadata has it (RFC 8414): who finds the keys there finds the tokens' issuer.
        issuer=chosen.public_base_url.rstrip("/"),
        audience=chosen.audience,
        lifetime=timedelta(seconds=chosen.access_token_seconds),
    )
    app.state.checkpoint_keys = CheckpointKeys(chosen.checkpoint_keys)
    app.state.keyring = Keyring.of(chosen)
    app.state.provider = OutsideProvider(chosen)
    problems.install(app)
    # Not included: each route bears its whole path already, and an included one is matched twice.
    app.router = router = IndexedRouter(
        routes=[route for router in (*ALL, *PAGES) for route in router.routes],
        lifespan=_serving,
        # A path with a slash too many is another path: a redirect would name the host that the caller made up.
        redirect_slashes=False,
    )
    _surround(app, router, chosen)
    return app


def _surround(app: FastAPI, router: IndexedRouter, chosen: Settings) -> None:
    """What every request passes before a route has it: the last that is named is the first."""
    app.add_middleware(PlainFirst, router=router)
    app.add_middleware(Representations)
    app.add_middleware(BodyLimit, limit=chosen.max_body_bytes, streamed=STREAMED)
    app.add_middleware(Limits, throttle=lambda: app.state.throttle)
    app.add_middleware(SingleHeaders)
    app.add_middleware(KnownHosts, hosts=chosen.hosts)
    if chosen.origins:
        app.add_middleware(CrossOrigin, origins=chosen.origins)
    app.add_middleware(RefusalPages)
    app.add_middleware(
        Observer,
        metrics=app.state.metrics,
        answered_with=answered_with(chosen),
        under_way=app.state.under_way,
    )
