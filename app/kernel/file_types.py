"""What a file is, told by its content: it is opened as what it claims to be, and refused where nobody can read it."""

from __future__ import annotations

import codecs
import os
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import IO

from app.kernel import old_office, packages, pictures
from app.kernel.apart import SECONDS, Over, apart
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Invalid, UnsupportedMedia
from app.kernel.opening import Costly, Locked, Unreadable, Unsafe
from app.measures.files import file_refused
from app.measures.reasons import Reason
from app.measures.review_rules import FileType
from app.measures.text import Text

# What is taken, and the endings under which it is handed out again: the first one, unless its name has another.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/ofd": ("ofd",),
    "application/msword": ("doc", "wps"),
    "application/vnd.ms-excel": ("xls", "et"),
}


# The member that tells what a package of zip form is. OFD is the national format of fixed-layout documents.
_PACKAGES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "OFD.xml": "application/ofd",
}


_OPC_TYPES = "[Content_Types].xml"


_PICTURES = ("image/png", "image/jpeg")


_OTHER_PICTURES = ("image/tiff", "image/heic")


_OLD_OFFICE = {
    old_office.Opened.WORD: "application/msword",
    old_office.Opened.EXCEL: "application/vnd.ms-excel",
}


_ZIP = b"PK\x03\x04"


_PDF = b"%PDF-"


_HEAD_BYTES = 4096


_READ_BYTES = 1 << 18


_BLANK = b" \t\r\n\f\0"


# The brands under which pictures of telephones are kept.
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


# The ZIP64 record, its locator and the end record, as they stand at the end of an archive.
_ZIP64_TAIL = 56 + 20 + 22


_ZIP_END = b"PK\x05\x06"


# What an archive says of itself behind its end: two bytes tell how long it is.
_MAX_ZIP_COMMENT = (1 << 16) - 1


# A directory of more than this is no document; reading one is where a hostile archive costs memory.
_MAX_ZIP_DIRECTORY = 1 << 20


# Looking into a file takes a moment; one that takes longer is built to.
_SECONDS = 10.0


class FileTypeRefused(UnsupportedMedia):
    """The content is not of a type that is taken, whatever its name says."""

    code = ProblemCode.FILE_TYPE_REFUSED

    def __init__(self, taken: Collection[FileType] = tuple(FileType)) -> None:
        names = [item.value.upper() for item in taken]
        super().__init__(
            Text(
                f"只接受 {'、'.join(names)} 文件（以内容为准，不含宏）",
                f"Only {', '.join(names)} are taken, told by content, without macros",
            ),
            findings=[file_refused(Reason.FILE_TYPE_REFUSED, taken=names)],
        )


class FileLocked(Invalid):
    """The file asks for a password."""

    code = ProblemCode.FILE_LOCKED

    def __init__(self) -> None:
        super().__init__(
            Text(
                "文件已加密，打开需要密码；请去除密码后重新上传",
                "The file is locked and opens with a password only; take the password off and upload it again",
            ),
            findings=[file_refused(Reason.FILE_LOCKED)],
        )


class FileUnreadable(Invalid):
    """The file is of a type that is taken, and cannot be opened."""

    code = ProblemCode.FILE_UNREADABLE

    def __init__(self) -> None:
        super().__init__(
            Text(
                "文件不完整，无法打开或者无法读出内容；请用原程序重新导出后上传",
                "The file is not whole: it cannot be opened, or there is nothing in it to read; "
                "export it anew and upload it again",
            ),
            findings=[file_refused(Reason.FILE_UNREADABLE)],
        )


class FileTooCostly(FileUnreadable):
    """The file is built so that to open it takes more time, memory or parts than a document has."""

    code = ProblemCode.FILE_TOO_COSTLY

    def __init__(self) -> None:
        Invalid.__init__(
            self,
            Text(
                "打开该文件所需的时间、内存或者内容数量超过上限；请用原程序重新导出或者拆分后上传",
                "To open the file takes more time, memory or parts than a file may; export it anew or split it, "
                "and upload it again",
            ),
            findings=[file_refused(Reason.FILE_TOO_COSTLY)],
        )


class FileUnsafe(FileUnreadable):
    """The file runs something when it is opened, or has members that leave its place."""

    code = ProblemCode.FILE_UNSAFE

    def __init__(self) -> None:
        Invalid.__init__(
            self,
            Text(
                "文件含有脚本、启动程序或者外发数据的动作、内嵌文件，或者指向文件之外的路径；"
                "请重新导出或者打印为 PDF 后上传",
                "The file has scripts, actions that start programs or send data, files within it, or paths that "
                "lead out of it; "
                "export it anew or print it to a PDF, and upload it again",
            ),
            findings=[file_refused(Reason.FILE_UNSAFE)],
        )


class FileInfected(FileUnreadable):
    """The virus scanner has found something in the file."""

    code = ProblemCode.FILE_INFECTED

    def __init__(self) -> None:
        Invalid.__init__(
            self,
            Text(
                "文件被病毒扫描程序判定为有害；请查杀后重新导出并上传",
                "The virus scanner found the file harmful; clean the machine, export it anew and upload it again",
            ),
            findings=[file_refused(Reason.FILE_INFECTED)],
        )


_TAKEN = "taken "
_REFUSALS: Mapping[str, type[FileTypeRefused | FileLocked | FileUnreadable]] = {
    "type": FileTypeRefused,
    "locked": FileLocked,
    "unreadable": FileUnreadable,
    "costly": FileTooCostly,
    "unsafe": FileUnsafe,
}


async def looked_into(file: IO[bytes]) -> str:
    """The media type of a file that can be opened, looked at in a process apart.

    Raises FileTypeRefused for what is not taken, FileLocked for what asks for a password, FileTooCostly past the limits
    of that process, FileUnsafe for what runs something, FileUnreadable for the rest.
    """
    try:
        told = await apart(look, file)
    except Over:
        raise FileTooCostly from None
    if not isinstance(told, str):
        raise RuntimeError("looking into a file answers in words")
    if not told.startswith(_TAKEN):
        raise _REFUSALS[told]
    return told.removeprefix(_TAKEN)


def look(file: IO[bytes]) -> str:
    """Whether it is taken, with its media type or the word of the refusal: what is told from process to process."""
    try:
        return f"{_TAKEN}{opened(file)}"
    except (FileTypeRefused, FileLocked, FileUnreadable) as error:
        return next(word for word, kind in _REFUSALS.items() if type(error) is kind)


def opened(file: IO[bytes]) -> str:
    """The media type by content, of a file that was opened as that; raises as `looked_into`."""
    try:
        media_type = sniff(file)
        OPENERS[media_type](file, seconds=SECONDS)
    except Locked:
        raise FileLocked from None
    except Costly:
        raise FileTooCostly from None
    except Unsafe:
        raise FileUnsafe from None
    except Unreadable:
        raise FileUnreadable from None
    return media_type


def file_type(media_type: str, filename: str) -> FileType:
    """What the rules of a round call a file of this media type: of two formats with one content the name tells."""
    endings = EXTENSIONS[media_type]
    ending = ending_of(filename)
    word = ending if ending in endings else endings[0]
    return next((item for item in FileType if item == word), FileType(endings[0]))


def ending_of(filename: str) -> str:
    """The ending of a name as a computer takes it: in lower case, in plain letters, without blanks."""
    return unicodedata.normalize("NFKC", filename).rpartition(".")[2].strip().lower()


def claimed_otherwise(media_type: str, filename: str) -> str | None:
    """The ending under which the file claims to be of a type that is taken and that it is not of; None where it claims
    nothing, or what it is."""
    ending = ending_of(filename)
    if ending in EXTENSIONS[media_type] or not any(ending in endings for endings in EXTENSIONS.values()):
        return None
    return ending


def sniff(file: IO[bytes]) -> str:
    """The media type by the beginning of the content, and of an archive by its directory.

    Raises FileTypeRefused for what is not taken; Locked and Unreadable where that shows already."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        return _package_type(file)
    if old_office.claimed(head):
        return _old_office_type(file)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "image/heic"
    # Some programs put a byte-order mark or blank lines before what is no text.
    if head.removeprefix(codecs.BOM_UTF8).lstrip(_BLANK).startswith(_PDF):
        return "application/pdf"
    import puremagic

    try:
        candidates = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        raise FileTypeRefused from None
    known = [media_type for media_type in _PICTURES if media_type in candidates]
    if len(known) != 1:
        raise FileTypeRefused
    return known[0]


def _old_office_type(file: IO[bytes]) -> str:
    """A document of the office programs before 2007, which WPS writes too."""
    found = old_office.look(file, seconds=SECONDS)
    if found is old_office.Opened.LOCKED:
        raise Locked
    if found not in _OLD_OFFICE:
        raise FileTypeRefused
    return _OLD_OFFICE[found]


def _pdf(file: IO[bytes], *, seconds: float) -> None:
    """Its pages are counted; what has been cut off is mended by the library and by nobody else, so its end must be
    there."""
    file.seek(0)
    missing, before = {b" obj", b"%%EOF"}, b""
    while missing and (piece := file.read(_READ_BYTES)):
        missing = {word for word in missing if word not in before + piece}
        before = piece[-8:]
    if missing:
        raise Unreadable
    from app.kernel.pdf import pages_of  # Loaded with the first of them.

    pages_of(file, seconds=seconds)


def _looked_at(_file: IO[bytes], *, seconds: float) -> None:
    """Nothing more: what tells the type of such a document has read all of it within so many `seconds`."""


# What opens each type, whole. A type without one is not taken.
OPENERS: Mapping[str, Callable[..., object]] = {
    "application/pdf": _pdf,
    **{media_type: partial(packages.unpack, main=main) for main, media_type in _PACKAGES.items()},
    **{media_type: partial(pictures.see, media_type=media_type) for media_type in (*_PICTURES, *_OTHER_PICTURES)},
    **dict.fromkeys(_OLD_OFFICE.values(), _looked_at),
}


def _package_type(file: IO[bytes]) -> str:
    if not modest_directory(file):
        # Cut off, or with something behind its end: whatever it was, it opens nowhere.
        raise Unreadable
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, RuntimeError):
        raise FileTypeRefused from None
    names = {member.filename for member in members}
    found = [media_type for member, media_type in _PACKAGES.items() if member in names]
    if len(found) != 1:
        raise FileTypeRefused
    if found[0] != "application/ofd" and _OPC_TYPES not in names:
        raise FileTypeRefused
    # Macros are programs. Under an ending without macros they would only be there to deceive.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileTypeRefused
    if any(member.flag_bits & 1 for member in members):
        raise Locked
    return found[0]


def modest_directory(file: IO[bytes]) -> bool:
    """Whether the zip archive ends in a plain record, or in a ZIP64 one, that names a directory of modest size; behind
    it stands nothing but the archive's comment, where it has one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _ZIP64_TAIL - _MAX_ZIP_COMMENT))
    tail = file.read()
    # As the reading library looks for it: a record without a comment, else the last thing that looks like one.
    plain = tail[-22:-18] == _ZIP_END and tail[-2:] == b"\0\0"
    place = len(tail) - 22 if plain else tail.rfind(_ZIP_END)
    end = tail[place : place + 22]
    if place < 0 or len(end) < 22 or struct.unpack("<H", end[20:])[0] != len(tail) - place - 22:
        return False
    (directory,) = struct.unpack("<I", end[12:16])
    before = tail[max(0, place - 76) : place]
    if before[-20:-16] == b"PK\x06\x07":
        # The reading library looks for the larger record just before its locator, and then goes by it alone.
        if len(before) < 76 or before[:4] != b"PK\x06\x06":
            return False
        (directory,) = struct.unpack("<Q", before[40:48])
    return bool(directory <= _MAX_ZIP_DIRECTORY)
