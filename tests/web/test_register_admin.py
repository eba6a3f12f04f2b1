"""The register's import in the host's admin: preview, confirm, and who may."""

import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from pos_billing.instances.models import Instance, RegisterImport
from pos_billing.web import frame

LIST = "/admin/pos_billing_instances/registerimport/"
SHOP = "6c1f0a52-0000-4000-8000-000000000001"
HEADERS = "record,uuid,name,environment,partner,created_on,host,added_on\n"
GOOD = (
    f"{HEADERS}instance,{SHOP},Shop,production,agency_one,2018-08-01,,\ndomain,{SHOP},,,,,shop.example.com,2018-12-12\n"
)
BAD = f"{HEADERS}instance,{SHOP},Shop,production,agency_one,yesterday,,\n"


@pytest.fixture
def finance(agency_one, client_for):
    """Somebody of the group that may run things."""
    return client_for("public", user=_person(frame.FINANCE_GROUP))


def _person(group: str):
    person = get_user_model().objects.create_user("someone", f"{group}@example.com", "x", is_staff=True)
    person.groups.add(Group.objects.get_or_create(name=group)[0])
    return person


def upload(client, text: str):
    """Preview a CSV file; format 0 is CSV."""
    file = SimpleUploadedFile("register.csv", io.BytesIO(text.encode()).read(), "text/csv")
    return client.post(f"{LIST}import/", {"import_file": file, "format": "0", "resource": "", "why": "The register"})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the confirmation."""
    inputs = re.findall(r"<input[^>]+>", page)
    pairs = [(re.search(r'name="([^"]+)"', i), re.search(r'value="([^"]*)"', i)) for i in inputs if "hidden" in i]
    return {name[1]: value[1] for name, value in pairs if name and value}


def test_preview_writes_nothing_and_confirming_imports(finance):
    assert "Import" in finance.get(LIST).content.decode()
    preview = upload(finance, GOOD)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "<td>instance</td>" in re.sub(r"\s", "", page)
    assert not Instance.objects.exists()
    answer = finance.post(f"{LIST}process_import/", hidden(page), follow=True)
    assert answer.status_code == 200
    assert str(Instance.objects.get().uuid) == SHOP
    log = RegisterImport.objects.get()
    assert (log.file_name, log.by) == ("register.csv", "someone")
    assert finance.get(f"{LIST}{log.pk}/change/").url == f"/admin/billing/imports/{log.pk}/"


def test_a_bad_row_is_told_with_field_and_reason(finance):
    page = upload(finance, BAD).content.decode()
    assert "created_on" in page
    assert "yesterday" in page
    assert "process_import" not in page
    assert not Instance.objects.exists()


def test_what_was_good_in_the_preview_may_be_refused_by_now(finance):
    page = upload(finance, GOOD).content.decode()
    other = GOOD.replace(SHOP, "7c1f0a52-0000-4000-8000-000000000002")  # the host name is taken meanwhile
    finance.post(f"{LIST}process_import/", hidden(upload(finance, other).content.decode()))
    answer = finance.post(f"{LIST}process_import/", hidden(page), follow=True)
    assert "Nothing was imported" in answer.content.decode()
    assert Instance.objects.count() == 1


def test_support_reads_the_log_and_imports_nothing(agency_one, client_for):
    support = client_for("public", user=_person(frame.SUPPORT_GROUP))
    assert support.get(LIST).status_code == 200
    assert support.get(f"{LIST}import/").status_code == 403
    assert support.post(f"{LIST}process_import/", {}).status_code == 403
    assert support.get(f"{LIST}add/").status_code == 403
