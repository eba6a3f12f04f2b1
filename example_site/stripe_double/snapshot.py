"""Everything the double holds, kept in a file, so that a demo survives a restart."""

import asyncio
import logging
import os
from pathlib import Path

import orjson

from example_site.stripe_double.double import Double

EVERY_SECONDS = 1.0
logger = logging.getLogger(__name__)


class Snapshot:
    """A JSON file that follows the double."""

    def __init__(self, double: Double, path: Path) -> None:
        self.double, self.path = double, path
        self._saved = -1

    def load(self) -> None:
        """Take up what the file holds, when it is there."""
        if self.path.exists():
            self.double.load(orjson.loads(self.path.read_bytes()))
            logger.info("Took up %s", self.path)
        self._saved = self.double.changes

    def save(self) -> None:
        """Write the file anew, in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(self.path.suffix + ".new")
        beside.write_bytes(orjson.dumps(self.double.dump()))
        os.replace(beside, self.path)
        self._saved = self.double.changes

    async def keep(self) -> None:
        """Save again and again while there are changes."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if self.double.changes != self._saved:
                self.save()
