"""Processes that collect, and may be killed after a step: SIGKILL is the real one, no handler runs.

They are forked from a server that has Django loaded and nothing else running, so that each starts in no time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import date

SERVED_BY = multiprocessing.get_context("forkserver")
SECONDS = 60


def collect_in_another_process(database: str, double: str, day: date, *, dies_after: str = "") -> int:
    """Collect the platform as of `day`; the exit code is -9 when the process was killed after `dies_after`."""
    SERVED_BY.set_forkserver_preload(["tests.collection.loaded"])
    process = SERVED_BY.Process(target=_collect, args=(database, double, day, dies_after))
    process.start()
    process.join(SECONDS)
    assert process.exitcode is not None, "the collecting process hangs"
    return process.exitcode


def at(database: str, double: str) -> None:
    """Let this process work on a database, with the double in Stripe's place."""
    import stripe
    from django.conf import settings
    from django.db import connection, connections

    from example_site.stripe_double.accounts import PUBLISHABLE_KEY, SECRET_KEY

    connection.close()
    connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = database
    settings.STRIPE_TEST_SECRET_KEY, settings.STRIPE_TEST_PUBLIC_KEY = SECRET_KEY, PUBLISHABLE_KEY
    settings.POS_BILLING_STRIPE_CALLS_PER_SECOND = 1000
    stripe.api_base = double


def _collect(database: str, double: str, day: date, dies_after: str) -> None:
    import tests.collection.loaded  # noqa: F401  (sets Django up where the server has not)
    from pos_billing.collection.cards.collect_due import collect_seller
    from pos_billing.collection.signals import step_done

    def die(sender, step, **kwargs):
        if step == dies_after:
            os.kill(os.getpid(), signal.SIGKILL)

    at(database, double)
    step_done.connect(die)
    collect_seller(as_of=day, by="collector", send=False)
