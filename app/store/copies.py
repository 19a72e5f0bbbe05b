"""Whole copies of the database and putting them back: SQLite by its own backup, PostgreSQL by `pg_dump` and
`pg_restore`, both while the service runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url, text

from app.measures.text import Text
from app.store.database import ReadSession


class CopyFailed(Exception):
    """A copy could not be made or put back. `message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def file_of(url: str) -> Path:
    """Where an embedded database lies."""
    return Path(make_url(url).database or ":memory:")


def copy_sqlite(url: str, target: Path) -> None:
    """Copy an embedded database, as it is at one instant, into a new file that its owner alone reads."""
    source = file_of(url)
    if not source.exists():
        raise CopyFailed(Text(f"数据库不存在：{source}", f"There is no database at {source}"))
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)
    except sqlite3.Error as error:
        # A full disk, for one.
        raise CopyFailed(Text(f"数据库无法复制：{error}", f"The database cannot be copied: {error}")) from error


async def exported_snapshot(session: ReadSession) -> str:
    """A name under which `pg_dump` sees just what this transaction sees, as long as it is open."""
    name: str = (await session.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
    return name


def dump_postgresql(url: str, target: Path, *, snapshot: str) -> None:
    """Dump a server's database, as a transaction sees it that has exported its snapshot, into one compressed file."""
    _run(
        "pg_dump",
        url,
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=60s",
        f"--snapshot={snapshot}",
        f"--file={target}",
    )


def is_empty(url: str) -> bool:
    """Whether nothing lies where a database is to be put."""
    if kind_of(url) == "sqlite":
        file = file_of(url)
        return not any(file.with_name(file.name + end).exists() for end in ("", "-wal", "-shm"))
    engine = create_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def put_back(url: str, copy: Path) -> None:
    """Put a copy where nothing lies: the whole of it or nothing."""
    if kind_of(url) == "postgresql":
        _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(copy))
        return
    target = file_of(url)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.draft")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with copy.open("rb") as read, draft.open("wb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())
    draft.rename(target)


def _run(program: str, url: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CopyFailed(
            Text(
                f"本机没有 {program}：请安装与数据库服务器同一主版本的 PostgreSQL 客户端",
                f"{program} is not on this machine: install PostgreSQL's client programs of the server's major version",
            )
        )
    address: URL = make_url(url).set(drivername="postgresql")
    # Never among the arguments, where everybody on the machine can read it.
    secret = {} if address.password is None else {"PGPASSWORD": str(address.password)}
    place = address.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(
        [found, f"--dbname={place}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-600:]
        raise CopyFailed(Text(f"{program} 失败：{said}", f"{program} failed: {said}"))
