"""Photos: whatever comes in leaves as a small JPEG that says nothing of camera, place or time."""

from io import BytesIO
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from reciproca.shared.errors import DomainError

LARGEST_PHOTO_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""What a picture may unfold to: a file of a few bytes can ask for the memory of a house."""

LONGEST_SIDE = 1_600
QUALITY = 82
READ = ("JPEG", "PNG", "WEBP")


class PhotoUnreadable(DomainError):
    code = "photo-unreadable"
    message = _("Questa foto non si legge: salvala come JPEG o PNG e riprova.")
    status = 422


class PhotoTooLarge(DomainError):
    code = "photo-too-large"
    message = _("Questa foto è troppo grande: ne basta una di 1600 punti di lato.")
    status = 413


class Picture(NamedTuple):
    """A JPEG and its size in pixels."""

    content: bytes
    width: int
    height: int


def as_jpeg(content: bytes, /) -> Picture:
    """
    Return a photo turned upright, at most `LONGEST_SIDE` long, without anything but its pixels.

    Raises: PhotoUnreadable, PhotoTooLarge.
    """
    if len(content) > LARGEST_PHOTO_BYTES:
        raise PhotoTooLarge
    try:
        with Image.open(BytesIO(content), formats=READ) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise PhotoTooLarge
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    # What a damaged file makes of its reader is any of these.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as damage:
        raise PhotoUnreadable from damage
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture of the same pixels: nothing that the file said of itself comes along.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    made = BytesIO()
    bare.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Picture(made.getvalue(), bare.width, bare.height)
