"""Opening a picture (the only module that knows the libraries): it is decoded, or it is nothing that people can see."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from app.kernel.opening import Costly, Deadline, Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

# A3 at 400 dots to the inch has 31 million; decoded, each takes up to four bytes.
MAX_PIXELS = 64_000_000
# A JPEG is decoded at an eighth of its size, so that whatever a camera takes has room.
MAX_PIXELS_OF_A_CAMERA = 256_000_000
# Sheets of a scan, which lie in one TIFF file.
MAX_SHEETS = 2_000


def see(file: IO[bytes], *, media_type: str, seconds: float) -> None:
    """Decode a picture of this media type; of several sheets the first and the last. Raises Unreadable, also for more
    pixels or sheets than there may be (Costly)."""
    file.seek(0)
    try:
        if media_type == "image/heic":
            _of_a_telephone(file)
        else:
            _picture(file, media_type.rpartition("/")[2].upper(), Deadline(seconds))
    except (Unreadable, MemoryError):
        raise
    except Exception:
        # Whatever a broken file makes of the library, it is a file that does not open.
        raise Unreadable from None


def _picture(file: IO[bytes], form: str, until: Deadline) -> None:
    from PIL import Image  # Loaded with the first picture.

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS_OF_A_CAMERA
    if form == "PNG":
        # Decoding stops with the last row; what comes after it, and the checksums, are looked at apart.
        _opened(file, form).verify()
        file.seek(0)
    picture = _opened(file, form)
    if form == "JPEG":
        _bounded(picture, MAX_PIXELS_OF_A_CAMERA)
        picture.draft(None, (max(picture.width // 8, 1), max(picture.height // 8, 1)))
    _decode(picture, until)
    last = getattr(picture, "n_frames", 1) - 1 if form == "TIFF" else 0
    if last >= MAX_SHEETS:
        raise Costly
    if last:
        picture.seek(last)
        _decode(picture, until)


def _opened(file: IO[bytes], form: str) -> Image:
    from PIL import Image

    try:
        return Image.open(file, formats=[form])
    except Image.DecompressionBombError:
        raise Costly from None


def _decode(picture: Image, until: Deadline) -> None:
    _bounded(picture, MAX_PIXELS)
    until.check()
    picture.load()


def _bounded(picture: Image, most: int) -> None:
    if picture.width * picture.height > most:
        raise Costly


def _of_a_telephone(file: IO[bytes]) -> None:
    import pi_heif  # Loaded with the first of its pictures.

    picture = pi_heif.open_heif(file)
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Costly
    if not len(picture.data):  # Decoded as it is asked for.
        raise Unreadable
