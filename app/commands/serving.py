"""Serving, and the newcomer's first start: migrated, filled with sample data, told who can sign in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import uvicorn

from app.security.tokens import load_keys
from app.settings import Settings
from app.store.migrations import upgrade

_COLUMNS = ("role", "login", "password", "note")
_NO = frozenset({"0", "no", "off", "false"})


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    upgrade(settings.database_url)


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Access is logged by the service itself, as JSON."""
    # Made before the workers start, so that they all read the same.
    load_keys(settings.keys_file)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def start(settings: Settings, *, sample: bool, host: str, port: int) -> None:
    """Everything a newcomer needs, then serve. A second start finds its data and adds nothing."""
    migrate(settings)
    if sample and sample_wanted(os.environ):
        listed = load_sample(settings)
        if listed:
            print(table(listed))
    print(f"\n服务地址 / Service:  http://{host}:{port}\n接口文档 / Contract: http://{host}:{port}/docs\n", flush=True)
    serve(settings, host=host, port=port, workers=1)


def sample_wanted(environment: Mapping[str, str]) -> bool:
    """Whether sample data are wanted: `AWARD_SAMPLE=0` or `SAMPLE=0` says no."""
    return not any(environment.get(name, "").strip().lower() in _NO for name in ("AWARD_SAMPLE", "SAMPLE"))


def load_sample(settings: Settings) -> Sequence[Any]:
    """Fill in the sample data where they are missing; answers the demonstration accounts."""
    if find_spec("app.sample") is None:
        return ()
    accounts: Sequence[Any] = asyncio.run(import_module("app.sample").load(settings))
    return accounts


def table(accounts: Sequence[Any]) -> str:
    """The accounts in columns: role, login, password, note."""
    rows = [[str(_field(item, name) or "") for name in _COLUMNS] for item in accounts]
    header = ["角色 role", "登录名 login", "密码 password", "说明 note"]
    widths = [max(_width(row[index]) for row in (header, *rows)) for index in range(len(_COLUMNS))]
    lines = [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "示范账号（样例数据）/ Demonstration accounts (sample data)\n\n" + "\n".join(lines)


def _field(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def _width(text: str) -> int:
    # A Chinese character takes two columns of a terminal.
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
