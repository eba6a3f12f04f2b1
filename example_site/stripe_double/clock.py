"""The double's own clock: it runs with the machine's, shifted, or stands still until it is moved."""

import time
from collections.abc import Callable


class Clock:
    """Unix seconds that a person or a test can set, advance and stop."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._stopped_at: float | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def frozen(self) -> bool:
        """Tell whether the clock stands still."""
        return self._stopped_at is not None

    def moment(self) -> float:
        """Return the present moment with fractions."""
        return self._stopped_at if self._stopped_at is not None else time.time() + self._offset

    def now(self) -> int:
        """Return the present second, as Stripe writes it."""
        return int(self.moment())

    def set(self, moment: float, *, frozen: bool | None = None) -> None:
        """Move to a moment; `frozen` says whether the clock stands there (unchanged when not given)."""
        stands = self.frozen if frozen is None else frozen
        self._stopped_at = moment if stands else None
        self._offset = moment - time.time()
        self._tell()

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self.set(self.moment() + seconds)

    def freeze(self, frozen: bool = True) -> None:
        """Stop the clock, or let it run on from where it stands."""
        self.set(self.moment(), frozen=frozen)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call the listener after each move."""
        self._listeners.append(listener)

    def dump(self) -> dict[str, float | None]:
        """Return the state to be kept."""
        return {"offset": self._offset, "stopped_at": self._stopped_at}

    def load(self, state: dict[str, float | None]) -> None:
        """Take up a kept state."""
        self._offset = float(state["offset"] or 0.0)
        self._stopped_at = state["stopped_at"]
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
