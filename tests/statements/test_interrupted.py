"""Two runs at once, and runs that are killed: no statement twice, none missing, no number left out."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.db import connection

from pos_billing.statements.locks import Busy
from pos_billing.statements.models import BillingRun, Statement, StatementCounter, StatementLine
from pos_billing.statements.signals import statements_issued
from pos_billing.work.locks import LockSpace
from tests.statements.billing_scenario import statements

AS_OF = date(2019, 2, 1)


@contextmanager
def other_connection():
    """A second connection to the test's database."""
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as other:
        yield other


@pytest.fixture
def ready(committed_scenario):
    """Facts for a statement of 180.97, committed."""
    scenario = committed_scenario
    scenario.assign(scenario.instance(domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    return scenario


def test_a_second_run_waits_and_then_finds_nothing(ready):
    outcomes = []

    def run() -> None:
        try:
            outcomes.append(ready.run(AS_OF))
        finally:
            connection.close()

    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext('public'))", [LockSpace.BILLING_RUN])
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        assert not outcomes, "a run went on although another held the Seller's lock"
        other.execute("SELECT pg_advisory_unlock(%s, hashtext('public'))", [LockSpace.BILLING_RUN])
    for thread in threads:
        thread.join()
    assert sorted(outcome.lines for outcome in outcomes) == [0, 0, 2]
    assert Statement.objects.count() == 1
    assert BillingRun.objects.count() == 3


def test_a_run_that_does_not_wait_is_refused(ready):
    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext('public'))", [LockSpace.BILLING_RUN])
        with pytest.raises(Busy):
            ready.run(AS_OF, wait=False)
        assert ready.run(AS_OF, ready.schema, wait=False).lines == 2, "another Seller's run is in nobody's way"


def test_a_listener_that_fails_undoes_the_run(ready):
    def fails(**told: object) -> None:
        raise RuntimeError("no room for jobs")

    statements_issued.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            ready.run(AS_OF)
    finally:
        statements_issued.disconnect(fails)
    assert not Statement.objects.exists()
    assert not BillingRun.objects.exists()
    assert ready.run(AS_OF).statements[0].sequence == 1


POINTS = {
    "before the facts are read": "pos_billing.statements.run.catalogue",
    "after the facts are read": "pos_billing.statements.run.billed_of",
    "after the lines are written": "pos_billing.statements.run.drafted",
    "after the statements are written": "pos_billing.statements.run.numbers_taken",
    "before the commit": "pos_billing.statements.run.statements_issued.send",
}
KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from datetime import date
    from importlib import import_module
    from unittest import mock
    import django
    django.setup()
    from pos_billing.statements.run import bill
    target = sys.argv[1]

    def die(*args, **kwargs):
        print("here", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    if target == "after the commit":
        bill("public", as_of=date(2019, 2, 1), by="killed")
        die()
    with mock.patch(target, die):
        bill("public", as_of=date(2019, 2, 1), by="killed")
    """
)


def killed_at(target: str, environment: dict[str, str]) -> None:
    """Make a run in a process of its own that is killed with SIGKILL when it calls ``target``."""
    result = subprocess.run(
        [sys.executable, "-c", KILLED, target], env=environment, capture_output=True, text=True, cwd=os.getcwd()
    )
    assert (result.returncode, result.stdout.strip()) == (-signal.SIGKILL, "here"), result.stderr


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_leaves_nothing_and_the_next_completes_it(ready, own_database, point):
    killed_at(POINTS[point], own_database.environment)
    assert (Statement.objects.count(), StatementLine.objects.count(), BillingRun.objects.count()) == (0, 0, 0)
    assert StatementCounter.objects.get().next_number == 1
    assert ready.lines(ready.run(AS_OF)) == [("charge", "2018-12", 20, 7097), ("charge", "2019-01", 31, 11000)]
    assert [s.sequence for s in statements()] == [1]


def test_a_run_killed_after_its_commit_is_not_repeated(ready, own_database):
    killed_at("after the commit", own_database.environment)
    assert Statement.objects.get().total_cents == 18097
    assert ready.run(AS_OF).lines == 0
