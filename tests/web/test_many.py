"""Lists of a Partner with many Instances take the same queries as those of one with few."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.plans.models import AccountMember
from pos_billing.sellers.schemas import in_seller
from tests.web import scenario

PAGES = (
    "/dashboard/billing/",
    "/dashboard/billing/instances/",
    "/dashboard/billing/instances/?q=site&environment=production",
    "/dashboard/billing/instances/?show=needs-plan",
    "/dashboard/billing/instances/{shop}/",
    "/dashboard/billing/clients/",
    "/dashboard/billing/clients/{client}/",
    "/dashboard/billing/plans/",
    "/dashboard/billing/margin/?month=2019-01",
    "/accounts/billing/",
    "/accounts/billing/instances/",
)
MOST = 48


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_the_same_queries_for_many_as_for_few(example, client_for, member, path):
    scenario.many_instances(example, 3)
    scenario.bill_both(example.partner, date(2019, 2, 1))
    user = member("agency_one", "owner")
    with in_seller("agency_one"):
        AccountMember.objects.create(account=example.clients["first"], user=user)
    client = client_for("agency_one", user=user)
    address = path.format(shop=example.instances["shop"].pk, client=example.clients["first"].pk)

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in captured]

    queries()  # what Django remembers after the first page
    few = queries()
    scenario.many_instances(example, 120, first=date(2018, 12, 5), prefix="more")
    scenario.bill_both(example.partner, date(2019, 3, 1))
    many = queries()
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST
