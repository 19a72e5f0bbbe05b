"""Opening a PDF (the only module that knows the library): its pages are counted, or it is nothing that people can
read; what runs a script or starts a program when it is opened is refused."""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NoReturn

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from app.kernel.opening import Costly, Locked, Unreadable, Unsafe

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# The library tells of every fault that it mends; what cannot be mended is told to the caller.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)

# More pages than any application has; counting them is where a hostile file costs time.
_MAX_PAGES = 20_000
# Objects that are looked at for what they do; a scan has three a page, a form some thousand.
_MAX_OBJECTS = 150_000
# The number of an object stands in so many bytes; so many are looked through at once.
_HEAD_BYTES, _READ_BYTES = 64, 1 << 18
# What does something, sends something away or opens another file. Where an action can stand, any object may: the file
# says itself which it is.
_RUNS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE"})
# What holds it: a script, a form with a language of its own, a file within the file.
_HOLDS = frozenset({"/JS", "/JavaScript", "/XFA", "/EF", "/EmbeddedFiles"})
# By what a reader comes to them. A dictionary that says one of these twice shows us the first, and somebody's program
# the last.
_REACHED_BY = frozenset(
    {
        *("/S", "/Next", "/A", "/AA", "/OpenAction", "/Names", "/Dests", "/AcroForm", "/Fields", "/Annots", "/Kids"),
        *("/Pages", "/Outlines", "/First", "/Parent", "/Root", "/FS"),
        *_HOLDS,
    }
)
# Where none can stand, and most of a file lies: what is drawn, with what, and its outline for readers' programs.
_DRAWN = frozenset({"/Contents", "/Font", "/Metadata", "/P", "/Resources", "/StructTreeRoot", "/XObject"})


class _SaidTwice(logging.Handler):
    """Hears what the library says of a name that stands twice in a dictionary: it takes the first and goes on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.leading = False

    def emit(self, record: logging.LogRecord) -> None:
        """Note it where the name is one that leads somewhere."""
        said = record.args
        if isinstance(said, dict) and "Multiple definitions" in record.msg and said.get("key") in _REACHED_BY:
            self.leading = True


@contextmanager
def _hearing() -> Iterator[_SaidTwice]:
    library = logging.getLogger("pypdf.generic._data_structures")
    heard = _SaidTwice()
    library.setLevel(logging.WARNING)
    library.propagate = False
    library.addHandler(heard)
    try:
        yield heard
    finally:
        library.removeHandler(heard)
        library.setLevel(logging.NOTSET)
        library.propagate = True


class _Watched(io.RawIOBase):
    """A file that is read for a bounded time: what the library looks for without end, it looks for by reading."""

    def __init__(self, file: IO[bytes], seconds: float) -> None:
        self._file, self._until = file, time.monotonic() + seconds
        # The library takes an object that cannot be read for none: it swallows what is raised here.
        self.over = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._check()
        room = memoryview(buffer)
        piece = self._file.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._check()
        return self._file.seek(offset, whence)

    def _check(self) -> None:
        if time.monotonic() > self._until:
            self.over = True
            raise Costly

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        """The file is the caller's."""


def pages_of(file: IO[bytes], *, seconds: float) -> int:
    """The number of pages, one at least, read within so many seconds. Raises Locked, Unreadable; of these Costly for
    more pages, objects or time, Unsafe for what runs something."""
    file.seek(0)
    timed = _Watched(file, seconds)
    watched = io.BufferedReader(timed, 1 << 16)
    try:
        with _hearing() as heard:
            reader = PdfReader(watched, strict=False)
            # Without a password people read it, whatever else its owner forbids.
            if reader.is_encrypted and not reader.decrypt(""):
                raise Locked
            until = time.monotonic() + seconds
            pages = _count(reader, until)
            _only_shows(reader, until)
        if timed.over:
            raise Costly
        if heard.leading:
            raise Unsafe
        return pages
    except (Locked, Unreadable, MemoryError):
        raise
    except (Exception, RecursionError):
        # Whatever a broken file makes of the library, it is a file that does not open.
        raise (Costly if timed.over else Unreadable) from None
    finally:
        watched.detach()


def _count(reader: PdfReader, until: float) -> int:
    """Leaves of the tree of pages, each branch taken once."""
    catalogue = _dictionary(reader.trailer.get("/Root"))
    ahead: list[PdfObject | None] = [catalogue.raw_get("/Pages")]
    seen: set[tuple[int, int]] = set()
    pages, trunk = 0, True
    while ahead:
        here = ahead.pop()
        if isinstance(here, IndirectObject):
            if (here.idnum, here.generation) in seen:
                _refuse()
            seen.add((here.idnum, here.generation))
        node = _dictionary(here)
        kids = node.get("/Kids")
        if kids is None:
            # A branch without anything on it is no page, whatever it says that it counts.
            if node.get("/Type", None if trunk else "/Page") != "/Page":
                _refuse()
            if isinstance(here, IndirectObject):
                _is_there(reader, here)
            pages += 1
        else:
            branches = kids.get_object()
            if not isinstance(branches, ArrayObject):
                _refuse()
            ahead.extend(branches)
        trunk = False
        if pages > _MAX_PAGES or len(ahead) > _MAX_PAGES or time.monotonic() > until:
            raise Costly
    return pages or _refuse()


def _is_there(reader: PdfReader, page: IndirectObject) -> None:
    """The library takes whatever lies at an object's place for it. What other programs look for is its own number:
    there, or anywhere in a file whose table of places is wrong."""
    place = reader.xref.get(page.generation, {}).get(page.idnum)
    if place is None:
        return  # Within another object, where it is told by its number alone.
    own = re.compile(rb"(?<![0-9])%d\s+%d\s+obj\b" % (page.idnum, page.generation))
    stream = reader.stream
    stream.seek(place)
    if own.match(stream.read(_HEAD_BYTES).lstrip()):
        return
    stream.seek(0)
    before = b""
    while piece := stream.read(_READ_BYTES):
        if own.search(before + piece):
            return
        before = piece[-_HEAD_BYTES:]
    _refuse()


def _only_shows(reader: PdfReader, until: float) -> None:
    """Looks at every object from the catalogue on, but for what is drawn: none of them runs anything."""
    ahead: list[PdfObject | None] = [reader.trailer.get("/Root")]
    seen: set[tuple[int, int]] = set()
    looked = 0
    while ahead:
        here = ahead.pop()
        if isinstance(here, IndirectObject):
            place = (here.idnum, here.generation)
            if place in seen:
                continue
            seen.add(place)
            here = here.get_object()
        looked += 1
        if looked > _MAX_OBJECTS or time.monotonic() > until:
            raise Costly
        if isinstance(here, DictionaryObject):
            # Its kind may be an object of its own.
            named = here.get("/S")
            action = None if named is None else named.get_object()
            if action in _RUNS or not _HOLDS.isdisjoint(here):
                raise Unsafe
            ahead.extend(value for name, value in here.items() if name not in _DRAWN and _holds(value))
        elif isinstance(here, ArrayObject):
            ahead.extend(value for value in here if _holds(value))


def _holds(value: object) -> bool:
    return isinstance(value, IndirectObject | DictionaryObject | ArrayObject)


def _dictionary(value: PdfObject | None) -> DictionaryObject:
    found = None if value is None else value.get_object()
    return found if isinstance(found, DictionaryObject) else _refuse()


def _refuse() -> NoReturn:
    raise Unreadable
