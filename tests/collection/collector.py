"""A process that collects, and may be killed after a step: `python -m tests.collection.collector STEP DAY`.

It is its own process so that SIGKILL is the real one: no handler runs, no transaction is ended by us.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date

import django


def main(step: str, day: str) -> None:
    """Collect the platform as of `day`; die right after `step` is done (``-``: live)."""
    django.setup()
    import stripe

    from pos_billing.collection.signals import step_done
    from pos_billing.collection.sweep import collect_seller

    stripe.api_base = os.environ["STRIPE_API_HOST"]

    def die(sender, step, **kwargs):
        if step == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    wanted = step
    step_done.connect(die)
    done = collect_seller(as_of=date.fromisoformat(day), by="collector", send=False)
    print(dict(done.results), done.unreachable)


if __name__ == "__main__":
    main(*sys.argv[1:])
