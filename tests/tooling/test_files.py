"""Attachments: what is taken, what is refused, and that a refused or broken upload leaves nothing, on both storages."""

import asyncio
import hashlib
import io
import socket
import struct
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.kernel.file_types import EXTENSIONS, FileTypeRefused, sniff
from app.kernel.files import (
    FileEmpty,
    FileMissing,
    FileStore,
    FileTooLarge,
    ListedFile,
    StorageUnavailable,
    StoredFile,
    new_key,
)
from app.kernel.opening import Unreadable
from app.kernel.settings import Settings
from sandbox.stages.applications import PDF
from tests.support import storage
from tests.support.documents import DOCX, JPEG, OFD, PNG, XLSX

LIMIT = 20 << 20


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def package(*members: str, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
        archive.comment = comment
    return buffer.getvalue()


async def pieces(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def broken_off() -> AsyncIterator[bytes]:
    """A caller who leaves in the middle of a large upload."""
    yield PDF
    for _ in range(10):
        yield b" " * (1 << 20)
    raise ConnectionResetError


async def read(files: FileStore, key: str) -> bytes:
    return b"".join([piece async for piece in await files.open_stream(key)])


async def listed(files: FileStore) -> list[ListedFile]:
    return [item async for item in files.list_keys()]


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks the protocol, on loopback."""
    with storage.served() as address:
        yield address


@pytest.fixture
def s3_settings(s3_endpoint: str) -> Settings:
    httpx.post(f"{s3_endpoint}/moto-api/reset").raise_for_status()
    httpx.put(f"{s3_endpoint}/award").raise_for_status()
    return settings(
        files_url="s3://award/files",
        s3_endpoint=s3_endpoint,
        s3_access_key_id="sample",
        s3_secret_access_key=SecretStr("sample-secret"),
    )


@pytest.fixture(params=["local", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "local":
        return FileStore.from_settings(settings(files_url=f"file:{tmp_path / 'files'}"))
    return FileStore.from_settings(request.getfixturevalue("s3_settings"))


Scenario = Callable[[], Coroutine[Any, Any, None]]


def run(scenario: Scenario) -> None:
    asyncio.run(scenario())


@pytest.mark.parametrize("content", [PDF, PDF + b" " * (9 << 20)], ids=["small", "in several parts"])
def test_a_file_comes_back_as_it_was_given(files: FileStore, content: bytes) -> None:
    async def scenario() -> None:
        key = new_key()
        stored = await files.put_stream(key, pieces(content), LIMIT)
        assert stored == StoredFile(len(content), hashlib.sha256(content).hexdigest(), "application/pdf")
        assert await read(files, key) == content
        (only,) = await listed(files)
        assert (only.key, only.size) == (key, len(content))
        assert only.last_modified.tzinfo is not None

    run(scenario)


def test_a_deleted_file_is_gone_and_deleting_again_is_no_error(files: FileStore) -> None:
    async def scenario() -> None:
        key = new_key()
        await files.put_stream(key, pieces(PNG), LIMIT)
        await files.delete(key)
        await files.delete(key)
        assert await listed(files) == []
        with pytest.raises(FileMissing):
            await files.open_stream(key)

    run(scenario)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (PDF + b" " * LIMIT, FileTooLarge),
        (b"MZ\x90\x00 a program", FileTypeRefused),
        (package("notes.txt"), FileTypeRefused),
    ],
    ids=["empty", "too large", "a program", "a plain archive"],
)
def test_a_refused_file_leaves_nothing(files: FileStore, content: bytes, error: type[Exception]) -> None:
    async def scenario() -> None:
        with pytest.raises(error):
            await files.put_stream(new_key(), pieces(content), LIMIT)
        assert await listed(files) == []

    run(scenario)


def test_the_limit_itself_is_still_taken(files: FileStore) -> None:
    async def scenario() -> None:
        assert (await files.put_stream(new_key(), pieces(PDF), len(PDF))).size == len(PDF)
        with pytest.raises(FileTooLarge):
            await files.put_stream(new_key(), pieces(PDF), len(PDF) - 1)

    run(scenario)


def test_a_file_over_the_limit_is_not_read_to_its_end(files: FileStore) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"%PDF-1.7" * 128

    async def scenario() -> None:
        with pytest.raises(FileTooLarge):
            await files.put_stream(new_key(), endless(), 10_240)

    run(scenario)
    assert taken == 11


def test_an_upload_broken_off_leaves_nothing(files: FileStore) -> None:
    async def scenario() -> None:
        with pytest.raises(ConnectionResetError):
            await files.put_stream(new_key(), broken_off(), LIMIT)
        assert await listed(files) == []

    run(scenario)


def test_no_upload_in_parts_stays_open_in_the_storage(s3_settings: Settings) -> None:
    files = FileStore.from_settings(s3_settings)

    async def scenario() -> None:
        await files.put_stream(new_key(), pieces(PDF + b" " * (9 << 20)), LIMIT)
        with pytest.raises(ConnectionResetError):
            await files.put_stream(new_key(), broken_off(), LIMIT)

    run(scenario)
    assert "<UploadId>" not in httpx.get(f"{s3_settings.s3_endpoint}/award?uploads").text


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "a.pdf", "", "/ab/cd/" + "0" * 32, "ab/cd/" + "0" * 32 + "\n", "AB/CD/" + "A" * 32]
)
def test_only_own_keys_reach_the_storage(files: FileStore, key: str) -> None:
    async def scenario() -> None:
        with pytest.raises(ValueError, match="not a key"):
            await files.put_stream(key, pieces(PDF), LIMIT)
        with pytest.raises(ValueError, match="not a key"):
            await files.open_stream(key)
        with pytest.raises(ValueError, match="not a key"):
            await files.delete(key)

    run(scenario)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\xef\xbb\xbf" + PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OFD, "application/ofd"),
    ],
)
def test_the_type_is_told_by_content(content: bytes, media_type: str) -> None:
    assert sniff(io.BytesIO(content)) == media_type
    assert media_type in EXTENSIONS


def zip64(content: bytes) -> bytes:
    """The same archive with a ZIP64 locator before its end record."""
    return content[:-22] + b"PK\x06\x07" + bytes(16) + content[-22:]


def larger(content: bytes, *, directory: int | None = None) -> bytes:
    """The same archive as a program writes it that always ends in ZIP64 records."""
    count, size, start = struct.unpack("<HII", content[-12:-2])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, directory or size, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(content) - 22, 1)
    return content[:-22] + record + locator + content[-22:]


@pytest.mark.parametrize("content", [DOCX, XLSX, OFD])
def test_an_archive_that_ends_in_zip64_records_is_taken(content: bytes) -> None:
    assert sniff(io.BytesIO(larger(content))) == sniff(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + PDF,
        b"just words",
        b"\x00" * 64,
        package("word/document.xml"),
        package("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ],
    ids=["page", "svg", "gif", "text", "zeros", "no content types", "two documents at once", "macros"],
)
def test_what_is_not_on_the_list_is_refused(content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        sniff(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        package("[Content_Types].xml", "word/document.xml", comment=b"more") + b"!",
        zip64(DOCX),
        larger(DOCX, directory=2 << 20),
        DOCX[:-22] + DOCX[-22:-10] + b"\xff\xff\xff\x7f" + DOCX[-6:],
        DOCX[:30],
        b"PK\x03\x04",
    ],
    ids=["more than its comment", "zip64", "huge zip64 directory", "huge directory", "cut off", "signature only"],
)
def test_an_archive_that_does_not_end_as_one_does_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        sniff(io.BytesIO(content))


def test_an_archive_with_a_strange_version_is_refused() -> None:
    start = DOCX.rindex(b"PK\x01\x02")
    with pytest.raises(FileTypeRefused):
        sniff(io.BytesIO(DOCX[: start + 6] + b"\xff\x00" + DOCX[start + 8 :]))


def test_a_storage_that_is_away_is_said_to_be_away(s3_settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    files = FileStore.from_settings(s3_settings.model_copy(update={"s3_endpoint": nobody}))

    async def scenario() -> None:
        with pytest.raises(StorageUnavailable):
            await files.put_stream(new_key(), pieces(PDF), LIMIT)
        with pytest.raises(StorageUnavailable):
            await files.open_stream(new_key())

    run(scenario)


def test_a_missing_bucket_is_a_fault_of_the_storage_not_of_the_caller(s3_settings: Settings) -> None:
    files = FileStore.from_settings(s3_settings.model_copy(update={"files_url": "s3://elsewhere"}))

    async def scenario() -> None:
        with pytest.raises(StorageUnavailable):
            await files.put_stream(new_key(), pieces(PDF), LIMIT)

    run(scenario)


def test_what_the_service_did_not_store_is_never_listed(tmp_path: Path) -> None:
    files = FileStore.from_settings(settings(files_url=f"file:{tmp_path}"))
    (tmp_path / "somebody-elses.pdf").write_bytes(PDF)
    assert asyncio.run(listed(files)) == []


def test_the_local_folder_is_for_the_service_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "files"
    FileStore.from_settings(settings(files_url=f"file:{folder}"))
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["var/files", "http://storage/award", "s3://", "file:", "file://host/folder"])
def test_an_address_of_another_kind_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="AWARD_FILES_URL"):
        FileStore.from_settings(settings(files_url=url))
