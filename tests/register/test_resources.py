"""The import through django-import-export is the same import."""

from uuid import UUID

import pytest
from tablib import Dataset

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance, RegisterImport
from pos_billing.register.resources import RegisterResource

HEADERS = ["record", "uuid", "name", "environment", "partner", "created_on", "host", "added_on"]
SHOP = "6c1f0a52-0000-4000-8000-000000000001"


def table(*rows):
    return Dataset(*rows, headers=HEADERS)


GOOD = (
    ("instance", SHOP, "Shop", "production", "agency_one", "2018-08-01", "", ""),
    ("domain", SHOP, "", "", "", "", "shop.example.com", "2018-12-12"),
)


def test_a_dry_run_tells_and_writes_nothing(agency_one, staff):
    result = RegisterResource().import_data(table(*GOOD), dry_run=True, user=staff, file_name="register.xlsx")

    assert not result.has_errors()
    assert not result.has_validation_errors()
    assert result.diff_headers == ["record", "rows", "added", "changed", "removed"]
    assert ["instance", "1", "1", "0", "0"] in [row.diff for row in result.valid_rows()]
    assert not Instance.objects.exists()
    assert not RegisterImport.objects.exists()


def test_confirmed_it_is_imported_by_the_person_and_logged(agency_one, staff):
    dry = RegisterResource().import_data(table(*GOOD), dry_run=True, user=staff, file_name="register.xlsx")
    done = RegisterResource().import_data(table(*GOOD), user=staff, file_name="register.xlsx")

    assert dict(done.totals) == dict(dry.totals)
    assert Instance.objects.get().uuid == UUID(SHOP)
    log = RegisterImport.objects.get()
    assert (log.by, log.file_name) == (staff.get_username(), "register.xlsx")

    again = RegisterResource().import_data(table(*GOOD), user=staff, file_name="register.xlsx")
    assert (again.totals["new"], again.totals["update"], again.totals["skip"]) == (0, 0, 2)


def test_bad_rows_come_back_with_number_column_and_reason(agency_one, staff):
    bad = table(
        GOOD[0],
        ("domain", SHOP, "", "", "", "", "10.0.0.1", "yesterday"),
        ("instance", "no-uuid", "", "production", "agency_one", "2018-08-01", "", ""),
    )
    result = RegisterResource().import_data(bad, user=staff, file_name="register.csv")

    found = {row.number: row.field_specific_errors for row in result.invalid_rows}
    assert set(found) == {3, 4}
    assert set(found[3]) == {"host", "added_on"}
    assert set(found[4]) == {"uuid", "name"}
    assert result.invalid_rows[0].values[6] == "10.0.0.1"
    assert not Instance.objects.exists()


@pytest.mark.parametrize("raise_errors", [False, True])
def test_a_table_that_cannot_be_read_at_all(agency_one, staff, raise_errors):
    empty = Dataset(("x",), headers=["uuid"])
    if raise_errors:
        with pytest.raises(Refused, match="record"):
            RegisterResource().import_data(empty, raise_errors=True, user=staff)
        return
    result = RegisterResource().import_data(empty, user=staff)
    assert result.has_errors()
    assert "record" in str(result.base_errors[0].error)
