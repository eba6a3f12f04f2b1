"""Writes `register.csv` and `usage.csv` beside this file: `python -m example_site.demo.write_register`.

The same files every time. A test holds them against what is committed.
"""

import csv
import io
import random
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from example_site.demo.company import PARTNERS, PLATFORM_PLANS, PartnerCompany

FOLDER = Path(__file__).parent
NAMES = uuid.UUID("5e0b6a52-3b0c-4d0e-9a8f-4f5a5f0c9d11")
FIRST_DAY = date(2018, 8, 1)
EACH_PARTNER = 15
USAGE_MONTHS = (date(2019, 1, 1), date(2019, 4, 1))
Row = dict[str, Any]


def register_rows() -> list[Row]:
    """Every row of the register, in the order of the file."""
    chance = random.Random(20190201)
    rows = [*_platform()]
    for partner in PARTNERS:
        rows += _seller(partner)
    for partner in PARTNERS:
        rows += _instances(partner, chance)
    rows += _worked_example()
    rows += _dedicated()
    rows += _transfers()
    return rows


def usage_rows() -> Iterator[tuple[str, str, str, int]]:
    """Daily usage of the Instances on plans that meter it, three months long; some go over what is included."""
    chance = random.Random(20190401)
    for partner in PARTNERS:
        for number in _metered_numbers(partner):
            busy = chance.choice((0.6, 0.9, 1.5))
            storage = chance.randint(4_000, 9_000)
            day = USAGE_MONTHS[0]
            while day < USAGE_MONTHS[1]:
                calls = int(busy * 33_000 * (0.6 if day.weekday() > 4 else 1.1) * chance.uniform(0.9, 1.1))
                storage += chance.randint(0, 60)
                instance = str(_uuid(partner.schema, number))
                yield instance, "api_calls", day.isoformat(), calls
                yield instance, "storage_mb", day.isoformat(), storage
                day += timedelta(days=1)


def _platform() -> Iterator[Row]:
    yield {
        "record": "seller", "seller": "public", "name": "platformOS", "email": "billing@platformos.example",
        "address": "1 Platform Way\nWilmington, DE 19801\nUSA", "launch_on": "2019-02-01",
        "first_payment_on": "2019-02-15", "brand_color": "#1d4f7c", "number_format": "P-{year}-{number:05d}",
        "platform_suffixes": PARTNERS[2].suffixes,
    }  # fmt: skip
    for plan in PLATFORM_PLANS:
        yield {
            "record": "plan", "seller": "public", "name": plan.name, "environments": plan.environments,
            "begins": plan.begins, "granted_to_all": "yes",
        }  # fmt: skip
        for day, cents in plan.prices:
            yield _price("public", plan.name, day, cents)
        for fee, metric, included, tiers in plan.metered:
            yield {
                "record": "price", "seller": "public", "plan": plan.name, "fee": fee, "metric": metric,
                "included": included, "tiers": tiers, "from": FIRST_DAY,
            }  # fmt: skip


def _seller(partner: PartnerCompany) -> Iterator[Row]:
    yield {
        "record": "partner", "schema": partner.schema, "name": partner.name, "email": partner.email,
        "host": f"{partner.schema.replace('_', '-')}.localhost",
    }  # fmt: skip
    yield {
        "record": "seller", "seller": partner.schema, "name": partner.name, "email": partner.email,
        "address": partner.address, "tax_note": partner.tax_note, "brand_color": partner.brand_color,
        "time_zone": partner.time_zone, "launch_on": "2019-02-01", "first_payment_on": "2019-02-15",
        "platform_suffixes": partner.suffixes,
    }  # fmt: skip
    yield {
        "record": "account", "seller": "public", "name": partner.name, "partner": partner.schema,
        "email": partner.email, "address": partner.address, "collection_method": partner.collection_method,
    }  # fmt: skip
    for client in partner.clients:
        yield {
            "record": "account", "seller": partner.schema, "name": client,
            "email": f"accounts@{_label(client)}.example", "collection_method": "manual",
        }  # fmt: skip
    for plan in partner.plans:
        yield {
            "record": "plan", "seller": partner.schema, "name": plan.name, "parent": plan.parent,
            "environments": plan.environments, "granted_to_all": "yes",
            "begins": "assignment" if plan.environments == "dedicated" else "",
        }  # fmt: skip
        for day, cents in plan.prices:
            yield _price(partner.schema, plan.name, day, cents)


def _instances(partner: PartnerCompany, chance: random.Random) -> Iterator[Row]:
    """Fifteen Instances of a Partner: a client's production site, its staging, now and then dev or QA."""
    for number in range(EACH_PARTNER):
        client = partner.clients[number % len(partner.clients)]
        created_on = FIRST_DAY + timedelta(days=chance.randint(0, 170))
        environment = ("production", "production", "staging", "production", "dev")[number % 5]
        if number == 12:
            environment = "qa"
        key = _uuid(partner.schema, number)
        label = f"{_label(client)}-{number:02d}"
        deleted_on = created_on + timedelta(days=chance.randint(120, 400)) if number in (3, 10) else ""
        yield {
            "record": "instance", "uuid": key, "name": f"{label}-{environment}", "created_on": created_on,
            "deleted_on": deleted_on, "environment": environment, "partner": partner.schema,
            "data_center": f"{'production' if environment == 'production' else 'staging'}-oregon",
            "url": f"{label}.prod01.oregon.platform-os.com", "tags": client if number % 4 == 0 else "",
        }  # fmt: skip
        yield _domain(key, f"{label}.prod01.oregon.platform-os.com", created_on)
        if partner.suffixes and number % 3 == 0:
            yield _domain(key, f"{label}.us-glidestack.com", created_on)
        if environment == "production":
            yield from _production(partner, number, key, client, created_on, chance)
        elif environment == "staging":
            staging = partner.plans[2].name
            yield _assigned(partner, key, staging, client, created_on + timedelta(days=chance.randint(5, 60)))


def _production(
    partner: PartnerCompany, number: int, key: uuid.UUID, client: str, created_on: date, chance: random.Random
) -> Iterator[Row]:
    """A custom domain, later a plan; for some a change of plan, an unpublished time, or no plan chosen yet."""
    added_on = created_on + timedelta(days=chance.randint(3, 75))
    chosen_on = added_on + timedelta(days=chance.choice((0, 0, 4, 11, 39)))
    if number == 13:
        return  # no custom domain yet
    yield _domain(key, f"www.{_label(client)}-{number:02d}.example", added_on)
    if number == 8:
        return  # chargeable, and no plan chosen yet
    larger = number in _metered_numbers(partner)
    yield _assigned(partner, key, partner.plans[1 if larger else 0].name, client, chosen_on)
    if number == 6:
        yield _assigned(partner, key, partner.plans[1].name, client, date(2019, 2, 18))
    if number == 5:
        yield {"record": "status", "uuid": key, "status": "unpublished", "from": "2019-03-05", "until": "2019-05-20"}


def _worked_example() -> Iterator[Row]:
    """The example of the design: a custom domain on 12 December 2018, the plan chosen on 20 January 2019."""
    partner, key = PARTNERS[0], _uuid("worked", 110)
    yield {
        "record": "instance", "uuid": key, "name": "harbour-lighthouse-museum", "created_on": "2018-11-02",
        "environment": "production", "partner": partner.schema, "data_center": "production-sydney",
        "url": "harbour-lighthouse-museum.prod01.sydney.platform-os.com",
    }  # fmt: skip
    yield _domain(key, "harbour-lighthouse-museum.prod01.sydney.platform-os.com", date(2018, 11, 2))
    yield _domain(key, "Www.Lighthouse-Museum.Example.", date(2018, 12, 12))
    yield _assigned(partner, key, "Business Hosting", "Bluegum Furniture", date(2019, 1, 20))


def _dedicated() -> Iterator[Row]:
    """A server of Harbour Digital's own, with three of its Instances on it from a day on."""
    partner, server = PARTNERS[0], _uuid("dedicated", 1)
    yield {
        "record": "dedicated_environment", "uuid": server, "name": "Harbour Sydney 1", "partner": partner.schema,
        "created_on": "2019-01-15", "data_center": "sydney",
    }  # fmt: skip
    yield _assigned(partner, server, "Own Server", "Wattle & Co", date(2019, 1, 15))
    for number, until in ((4, ""), (9, ""), (11, date(2019, 3, 10))):
        yield {
            "record": "placement", "uuid": _uuid(partner.schema, number), "dedicated_environment": server,
            "from": date(2019, 2, 1), "until": until,
        }  # fmt: skip


def _transfers() -> Iterator[Row]:
    """Three Instances that moved to another Partner; two found a client there."""
    moves = (("northlight", 1, "glidestack", "2019-02-12"), ("glidestack", 6, "harbour_digital", "2019-03-01"),
             ("atelier_nord", 0, "northlight", "2019-03-20"))  # fmt: skip
    by_schema = {partner.schema: partner for partner in PARTNERS}
    for place, (old, number, new, day) in enumerate(moves):
        yield {"record": "owner", "uuid": _uuid(old, number), "partner": new, "from": day}
        if place < 2:
            partner = by_schema[new]
            chosen = date.fromisoformat(day) + timedelta(days=9)
            yield _assigned(partner, _uuid(old, number), partner.plans[0].name, partner.clients[0], chosen)


def _metered_numbers(partner: PartnerCompany) -> tuple[int, ...]:
    return (1, 5) if partner.plans[1].parent == "Production 250" else ()


def _assigned(partner: PartnerCompany, key: uuid.UUID, plan: str, account: str, day: date) -> Row:
    return {
        "record": "assignment",
        "seller": partner.schema,
        "uuid": key,
        "plan": plan,
        "account": account,
        "from": day,
    }


def _price(seller: str, plan: str, day: str, cents: int) -> Row:
    return {"record": "price", "seller": seller, "plan": plan, "fee": "Hosting", "cents": cents, "from": day}


def _domain(key: uuid.UUID, host: str, added_on: date) -> Row:
    return {"record": "domain", "uuid": key, "host": host, "added_on": added_on}


def _uuid(owner: str, number: int) -> uuid.UUID:
    return uuid.uuid5(NAMES, f"{owner}/{number}")


def _label(name: str) -> str:
    return name.lower().replace(" & ", "-").replace(" ", "-")


def register_text() -> str:
    """The register as a CSV file."""
    rows = register_rows()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def usage_text() -> str:
    """The usage logs as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["uuid", "metric", "day", "quantity"])
    writer.writerows(usage_rows())
    return text.getvalue()


if __name__ == "__main__":
    (FOLDER / "register.csv").write_text(register_text(), encoding="utf-8")
    (FOLDER / "usage.csv").write_text(usage_text(), encoding="utf-8")
