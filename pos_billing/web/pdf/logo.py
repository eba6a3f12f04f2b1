"""A Seller's logo as it is put into a PDF."""

import base64
import logging
from io import BytesIO

from django.core.files.storage import default_storage
from PIL import Image

log = logging.getLogger(__name__)
HIGHEST_PIXELS = 300


def logo_uri(name: str) -> str:
    """The logo stored under ``name`` as a ``data:`` address, made small enough to print; empty when there is none.

    A logo whose file is gone or cannot be read is left out and logged: a statement is not held up by a picture.
    """
    if not name:
        return ""
    try:
        with default_storage.open(name) as file:
            picture = Image.open(BytesIO(file.read()))
            picture.load()
    except (OSError, ValueError) as error:
        log.warning("The logo %s is left out of a statement: %s", name, error)
        return ""
    picture.thumbnail((4 * HIGHEST_PIXELS, HIGHEST_PIXELS))
    written = BytesIO()
    picture.convert("RGBA").save(written, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()
