"""The company of the demo: Partners, plans, prices through time, clients. `write_register` makes rows of it."""

from typing import NamedTuple


class PlatformPlan(NamedTuple):
    """A plan of the platform: prices in cents from days on; metered fees as (name, metric, included, tiers)."""

    name: str
    environments: str
    prices: tuple[tuple[str, int], ...]
    begins: str = ""
    metered: tuple[tuple[str, str, int, str], ...] = ()


class PartnerPlan(NamedTuple):
    """A Partner's plan on top of a platform's plan; prices in cents from days on."""

    name: str
    parent: str
    environments: str
    prices: tuple[tuple[str, int], ...]


class PartnerCompany(NamedTuple):
    """A Partner with its clients and plans (in the order production, larger production, staging, dedicated)."""

    schema: str
    name: str
    email: str
    address: str
    brand_color: str
    tax_note: str
    collection_method: str
    clients: tuple[str, ...]
    plans: tuple[PartnerPlan, ...]
    suffixes: str = ""
    time_zone: str = "UTC"


PLATFORM_PLANS = (
    PlatformPlan("Production 110", "production", (("2018-08-01", 11000),)),
    PlatformPlan("Production 75", "production", (("2018-08-01", 7500), ("2019-03-16", 7900), ("2020-01-01", 8200))),
    PlatformPlan(
        "Production 250", "production", (("2018-08-01", 25000), ("2020-01-01", 26500)),
        metered=(
            ("API calls", "api_calls", 1_000_000, "500000:40/1000;:30/1000"),
            ("Storage", "storage_mb", 10_000, ":2/10"),
        ),
    ),
    PlatformPlan("Staging 25", "staging qa", (("2018-08-01", 2500),)),
    PlatformPlan("Staging Unbilled", "staging dev qa", ()),
    PlatformPlan(
        "Dedicated Sydney", "dedicated", (("2018-08-01", 150000), ("2020-01-01", 158000)), begins="assignment"
    ),
)  # fmt: skip

PARTNERS = (
    PartnerCompany(
        "harbour_digital", "Harbour Digital", "accounts@harbour-digital.example",
        "12 Wharf Street\nSydney NSW 2000\nAustralia", "#0b6e6e", "ABN 51 824 753 556", "card",
        ("Bluegum Furniture", "Coastline Dental", "Pacific Surf School", "Tidewater Brewing", "Wattle & Co"),
        (
            PartnerPlan("Business Hosting", "Production 110", "production", (("2018-08-01", 16500),)),
            PartnerPlan(
                "Growth Hosting", "Production 250", "production", (("2018-08-01", 34900), ("2019-07-01", 36900))
            ),
            PartnerPlan("Staging", "Staging 25", "staging", (("2018-08-01", 4000),)),
            PartnerPlan("Own Server", "Dedicated Sydney", "dedicated", (("2018-08-01", 195000),)),
        ),
    ),
    PartnerCompany(
        "northlight", "Northlight Studio", "billing@northlight.example",
        "4 Castle Terrace\nEdinburgh EH1 2DP\nUnited Kingdom", "#5b3a8c", "VAT GB 123 4567 89", "card",
        ("Arden Theatre", "Fennick Legal", "Glen Spirits", "Harris Wool"),
        (
            PartnerPlan("Studio Care", "Production 75", "production", (("2018-08-01", 11000), ("2019-04-01", 11900))),
            PartnerPlan("Studio Plus", "Production 250", "production", (("2018-08-01", 32000),)),
            PartnerPlan("Preview Site", "Staging 25", "staging qa", (("2018-08-01", 3000),)),
        ),
    ),
    PartnerCompany(
        "glidestack", "Glidestack", "finance@glidestack.example",
        "200 Market Street\nDenver, CO 80202\nUSA", "#b3401c", "", "card",
        ("Bright Kids", "Cedar Realty", "Peak Fitness", "Quarry Coffee", "Ridge Outdoor", "Union Bikes"),
        (
            PartnerPlan("Glide", "Production 75", "production", (("2018-08-01", 9900),)),
            PartnerPlan("Glide Max", "Production 110", "production", (("2018-08-01", 14900), ("2019-02-11", 15900))),
            PartnerPlan("Glide Staging", "Staging Unbilled", "staging", ()),
        ),
        suffixes="staging-glidestack.com, us-glidestack.com, uk-glidestack.com, au-glidestack.com",
        time_zone="America/Denver",
    ),
    PartnerCompany(
        "atelier_nord", "Atelier Nord", "faktura@atelier-nord.example",
        "Storgata 9\n0155 Oslo\nNorway", "#1f4e79", "Org. nr. 987 654 321 MVA", "manual",
        ("Fjord Kitchens", "Nordlys Travel", "Oslo Ski Club"),
        (
            PartnerPlan("Drift", "Production 110", "production", (("2018-08-01", 17500),)),
            PartnerPlan("Drift Stor", "Production 250", "production", (("2018-08-01", 38000),)),
            PartnerPlan("Test", "Staging 25", "staging qa", (("2018-08-01", 3500),)),
        ),
        time_zone="Europe/Oslo",
    ),
)  # fmt: skip
