"""Files that wait between a preview and the import: kept by their hash, outside the public media, for a day."""

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from pos_billing.web.pdf.documents import documents_folder

KEPT_SECONDS = 24 * 3600


def store_upload(file: BinaryIO, name: str) -> str:
    """Store an uploaded file; returns the token by which ``kept`` finds it. Older ones are cleared away."""
    folder = _folder()
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as target:
        while block := file.read(1 << 20):
            digest.update(block)
            target.write(block)
    token = digest.hexdigest() + Path(name).suffix.lower()[:6]
    os.replace(temporary, folder / token)
    return token


def find_upload(token: str) -> Path | None:
    """The file of a token, or ``None`` when there is none (any more)."""
    if not re.fullmatch(r"[0-9a-f]{64}(\.[a-z]{1,5})?", token):
        return None
    path = _folder() / token
    return path if path.exists() else None


def _folder() -> Path:
    folder = documents_folder() / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
