"""Opening a document that is an archive (OOXML, OFD): every member is unpacked and agrees with its checksum, what is
XML can be parsed, and the main part is what the format says. What it would run, or fetch from elsewhere, when somebody
opens it is refused."""

from __future__ import annotations

import posixpath
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, NoReturn
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from app.kernel.opening import Costly, Deadline, Unreadable, Unsafe

# Unpacked, all in all: the largest file that is taken, and what words shrink by.
MAX_UNPACKED = 400 << 20
MAX_MEMBERS = 5_000
# Of all members of XML together, and one within the other. A book has some hundred thousand of them.
MAX_ELEMENTS = 4_000_000
MAX_DEPTH = 500
_PIECE = 1 << 18
_XML = (".xml", ".rels")
# The main part by the member that tells the format, and the element in which it lies.
MAIN_PARTS = {"word/document.xml": "document", "xl/workbook.xml": "workbook", "OFD.xml": "OFD"}
_TYPES = "[Content_Types].xml"
# By the last word of a relationship's type: programs and controls, whatever the member is called that they lie in.
_PROGRAMS = frozenset({"vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet", "control"})
# What a reader goes to when asked, not by itself. Whatever else lies elsewhere is fetched as the document is opened: a
# template with macros, or a picture that tells its owner who reads the document, and when.
_ASKED_FIRST = frozenset({"hyperlink", "externalLinkPath", "xlExternalLinkPath/xlPathMissing"})
# A file of any kind, put into the document as an object (OLE's packager): a double click opens it.
_PACKED = "\1Ole10Native".encode("utf-16-le")
# Fields that start a program and ask it for a value.
_STARTING = ("DDE ", "DDEAUTO")
_LONGEST_FIELD = 64
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
)


def unpack(file: IO[bytes], *, main: str, seconds: float) -> None:
    """Unpack every member of the archive whose main part is `main`, within so many seconds. Raises Unreadable, also for
    more members or bytes than there may be."""
    until, left = Deadline(seconds), MAX_UNPACKED
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise Costly
            keep_inside(members)
            if len({member.filename.lower() for member in members}) != len(members):
                # Of two of one name, we would look at the one and somebody's program shows the other.
                raise Unreadable
            roots, counted = dict[str, Root](), Elements(MAX_ELEMENTS)
            for member in members:
                parsed = Root(counted) if member.filename.lower().endswith(_XML) else None
                left -= _read(package, member, parsed, until, left)
                if parsed is not None:
                    roots[member.filename] = parsed
    except _BROKEN:
        raise Unreadable from None
    _held_together(roots, main, {member.filename for member in members})


def keep_inside(members: list[zipfile.ZipInfo]) -> None:
    """Raises Unsafe for a member whose path leads out of the archive, from the root of a disk or through a link."""
    for member in members:
        path = member.orig_filename.replace("\\", "/")
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if linked or "\0" in path or path[:1] == "/" or path[1:2] == ":" or ".." in path.split("/"):
            raise Unsafe


class Elements:
    """How many elements of XML there may be yet."""

    def __init__(self, left: int) -> None:
        self._left = left

    def one(self) -> None:
        """Count one; raises Costly for one too many."""
        self._left -= 1
        if self._left < 0:
            raise Costly


class Root:
    """What a member of XML is: it is parsed, and nothing of it is kept but its first element, the text of the one that
    names another document, and where the pages of a document lie. Raises Unsafe for what runs or fetches something."""

    def __init__(self, counted: Elements) -> None:
        self._counted, self._depth = counted, 0
        self.name = ""
        self.document = ""
        self.pages = list[str]()
        self._within = False
        self._field: str | None = None
        self._instructs = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        # No office program writes entities; they multiply, or name what lies elsewhere.
        self._parser.EntityDeclHandler = _refuse
        self._parser.ExternalEntityRefHandler = _refuse

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        self._parser.Parse(piece, last)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._counted.one()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Costly
        told = name.rpartition(":")[2]
        self.name = self.name or told
        self._within = told == "DocRoot" and not self.document
        if (look := _LOOKED_AT.get(told)) is not None and not look(attributes):
            raise Unsafe
        if told in ("fldChar", "instrText"):
            # One field's words may stand in many pieces; they begin anew where a field does.
            self._field = "" if told == "fldChar" or self._field is None else self._field
        self._instructs = told == "instrText"
        if told == "Page" and "BaseLoc" in attributes:
            self.pages.append(attributes["BaseLoc"])

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._within = self._instructs = False

    def _text(self, text: str) -> None:
        if self._within:
            self.document += text
        if self._instructs and len(self._field or "") < _LONGEST_FIELD:
            self._field = (self._field or "") + text
            if _starts(self._field):
                raise Unsafe


def _relates(attributes: Mapping[str, str]) -> bool:
    """Whether a relationship leads to no program, and to nothing elsewhere that is fetched by itself."""
    relation = attributes.get("Type", "").rstrip("/").rpartition("/relationships/")[2]
    if _PROGRAMS & set(relation.split("/")):
        return False
    outside = attributes.get("TargetMode", "").lower() == "external"
    return not outside or relation in _ASKED_FIRST or not _is_elsewhere(attributes.get("Target", ""))


def _is_elsewhere(target: str) -> bool:
    """Whether it lies on another machine; what a template's writer had on the own disk is only missing."""
    told = unquote(target).strip().replace("\\", "/").lower()
    if told.startswith("//"):
        return True
    scheme, rest = urlsplit(told).scheme, told.partition(":")[2]
    if scheme == "file":
        # `file:///C:/…` and `file:///Users/…` are of the own disk; two slashes name a host, more are its share.
        host = rest[2:].partition("/")[0] if rest.startswith("//") else ""
        return host not in ("", "localhost") or rest.startswith("////")
    # A letter is a disk's.
    return len(scheme) > 1


def _is_typed(attributes: Mapping[str, str]) -> bool:
    """Whether the table of types names no part that holds a program."""
    told = attributes.get("ContentType", "").lower()
    return not any(word in told for word in ("macroenabled", "vbaproject", "macrosheet", "activex"))


def _starts(field: str) -> bool:
    return field.lstrip().upper().startswith(_STARTING)


# Elements that are looked at for what they lead to.
_LOOKED_AT: Mapping[str, Callable[[Mapping[str, str]], bool]] = {
    "Relationship": _relates,
    "Override": _is_typed,
    "Default": _is_typed,
    "ddeLink": lambda _attributes: False,
    "fldSimple": lambda attributes: not _starts(attributes.get("w:instr", attributes.get("instr", ""))),
}


def _read(package: zipfile.ZipFile, member: zipfile.ZipInfo, parsed: Root | None, until: Deadline, left: int) -> int:
    """How many bytes the member unpacks to; its checksum is compared at its end."""
    size, before = 0, b""
    with package.open(member) as content:
        while piece := content.read(_PIECE):
            size += len(piece)
            until.check()
            if size > left:
                raise Costly
            if parsed is not None:
                parsed.feed(piece)
            elif _PACKED in before + piece:
                raise Unsafe
            before = piece[-len(_PACKED) :]
    if parsed is not None:
        parsed.feed(b"", last=True)
    return size


def _held_together(roots: dict[str, Root], main: str, names: set[str]) -> None:
    """The main part is of its format, and what it cannot be without is there."""
    if roots[main].name != MAIN_PARTS[main]:
        raise Unreadable
    if main == "OFD.xml":
        # The entry of the package names the document, from the package's root or its own place.
        document = _path(roots[main].document)
        if document not in roots or roots[document].name != "Document":
            raise Unreadable
        # A page that is named and is not there shows nothing; its place is told from the document's or the root.
        folder = posixpath.dirname(document)
        if not any(names & {_path(place), _path(place, folder)} for place in roots[document].pages):
            raise Unreadable
    elif roots[_TYPES].name != "Types":
        raise Unreadable
    if main == "xl/workbook.xml" and not any(name.startswith("xl/worksheets/") for name in names):
        raise Unreadable


def _path(told: str, folder: str = "") -> str:
    return posixpath.normpath(posixpath.join(folder, told.strip().lstrip("/")))


def _refuse(*_told: object) -> NoReturn:
    raise Unreadable
