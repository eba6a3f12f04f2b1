"""Instances that the platform charges their Partner for, though the Partner's clients pay nothing.

A Partner may say that it provides some host names itself: they are not custom for its own clients. The platform does
not know them: for it they are custom, and the first of them begins its charge (rule 2).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.db import connection
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.warnings import listened_to, warn
from pos_billing.instances.hosts import custom_host_condition
from pos_billing.plans.partner_accounts import current_partner
from pos_billing.plans.queries import seller_suffixes
from pos_billing.sellers.schemas import in_seller
from pos_billing.wording import count
from pos_billing.wording import day as day_text

NAMED = 5


class ChargedByThePlatformAlone(NamedTuple):
    """An Instance whose days from ``since`` up to ``until`` the platform charges and its client does not pay.

    ``until`` is the day of the first Domain that is custom for the Partner's clients too; ``None``: there is none.
    """

    instance: int
    name: str
    host: str
    since: date
    until: date | None


def charged_by_the_platform_alone(instances: Iterable[int] | None = None) -> list[ChargedByThePlatformAlone]:
    """The production Instances of this schema's Partner whose first Domain is custom for the platform alone.

    ``instances`` (ids) narrows it. Empty on the platform. One query.
    """
    partner = current_partner()
    if partner is None:
        return []
    with in_seller(get_public_schema_name()):
        of_platform, parameters = custom_host_condition("domain.host", seller_suffixes())
    of_partner, more = custom_host_condition("domain.host", seller_suffixes())
    chosen = None if instances is None else list(instances)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT thing.id, thing.name, (array_agg(domain.host ORDER BY domain.added_on, domain.host))[1],
                min(domain.added_on), min(domain.added_on) FILTER (WHERE {of_partner})
            FROM pos_billing_instances_domain AS domain
            JOIN pos_billing_instances_instance AS thing ON thing.id = domain.instance_id
            WHERE {of_platform} AND (domain.removed_on IS NULL OR domain.removed_on > domain.added_on)
            AND (%s::bigint[] IS NULL OR thing.id = ANY(%s::bigint[])) AND EXISTS (
                SELECT FROM pos_billing_instances_ownership AS owned WHERE owned.instance_id = thing.id
                AND owned.partner_id = %s AND upper_inf(owned.days)
            ) AND EXISTS (
                SELECT FROM pos_billing_instances_environmentperiod AS period WHERE period.instance_id = thing.id
                AND period.environment = 'production'
            ) GROUP BY thing.id, thing.name
            HAVING min(domain.added_on) IS DISTINCT FROM min(domain.added_on) FILTER (WHERE {of_partner})
            ORDER BY thing.name, thing.id
            """,
            [*more, *parameters, chosen, chosen, partner.pk, *more],
        )
        return [ChargedByThePlatformAlone._make(row) for row in cursor.fetchall()]


@contextmanager
def own_endings_warned(field: str) -> Iterator[None]:
    """Warn of Instances that the platform alone charges after the block, and did not, or for fewer days, before it."""
    if not listened_to():
        yield
        return
    before = set(charged_by_the_platform_alone())
    yield
    found = [one for one in charged_by_the_platform_alone() if one not in before]
    if found:
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        warn(
            "own_ending_charged_by_the_platform", field,
            f"The platform goes on charging you for {count(len(found), 'Instance')} whose Domain is under an ending "
            f"of your own, and your clients do not pay for those days: {', '.join(map(_named, found[:NAMED]))}{more}.",
        )  # fmt: skip


def _named(one: ChargedByThePlatformAlone) -> str:
    until = f" until {day_text(one.until)}" if one.until else ""
    return f"{one.name} ({one.host}, since {day_text(one.since)}{until})"
