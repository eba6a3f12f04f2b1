"""Programs in the background: started once, found again, stopped by the number they were started with."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from django.core.management import CommandError

from example_site.embedded_postgres import CHECKOUT, STATE

FOLDER = STATE / "processes"
PATIENCE = 60.0  # seconds for a program to answer, or to end


@dataclass(frozen=True)
class Service:
    """One program, and the address at which it answers over HTTP once it is ready; none where it only works."""

    name: str
    command: list[str]
    address: str | None
    host: str | None = None
    keeps_running: bool = False

    @property
    def note(self) -> Path:
        """The file that says which process it is."""
        return FOLDER / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """The file that has what it says."""
        return STATE / "logs" / f"{self.name}.log"

    def start(self, tell: Callable[[str], None]) -> str:
        """Start it, or leave it running if it may; return when it answers."""
        if self.keeps_running and self._process() and self._answers():
            return f"runs already at {self.address}"
        self.stop()
        if self.address and self._answers():
            raise CommandError(f"Another program answers at {self.address}. Stop it, or choose another PORT.")
        for file in (self.note, self.log):
            file.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self.command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        process = psutil.Process(started.pid)
        self.note.write_text(json.dumps({"pid": process.pid, "created": process.create_time()}))
        if self.address is None:
            return f"works in the background (log: {self.log.relative_to(CHECKOUT)})"
        tell(f"waiting for {self.address}")
        self._wait_until_it_answers(started)
        return f"answers at {self.address} (log: {self.log.relative_to(CHECKOUT)})"

    def stop(self) -> bool:
        """End it and what it started; say whether it ran."""
        process = self._process()
        self.note.unlink(missing_ok=True)
        if process is None:
            return False
        family = [process, *process.children(recursive=True)]
        for member in family:
            member.terminate()
        _, stubborn = psutil.wait_procs(family, timeout=10)
        for member in stubborn:
            member.kill()
        psutil.wait_procs(stubborn, timeout=PATIENCE)
        return True

    def _process(self) -> psutil.Process | None:
        """Return the process that was started, if it still is that one: numbers are given out again."""
        if not self.note.exists():
            return None
        note = json.loads(self.note.read_text())
        if not psutil.pid_exists(note["pid"]):
            return None
        process = psutil.Process(note["pid"])
        same = abs(process.create_time() - note["created"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
        return process if same else None

    def _answers(self) -> bool:
        """Say whether anything answers at the address, be it with an error."""
        if self.address is None:
            return False
        headers = {"Host": f"{self.host}:{httpx.URL(self.address).port}"} if self.host else {}
        try:
            httpx.get(self.address, headers=headers, timeout=30, trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def _wait_until_it_answers(self, started: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if started.poll() is not None or time.monotonic() > deadline:
                self.stop()
                last = self.log.read_text(errors="replace").splitlines()[-15:]
                raise CommandError("\n".join([f"{self.name} did not start ({os.fspath(self.log)}):", *last]))
            time.sleep(0.2)
