"""How an account looks."""

from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object


def _requirements(scope: Scope, name: str) -> Object:
    item: Object = scope.double.specification.blank(name)
    item.update(alternatives=[], currently_due=[], errors=[], eventually_due=[], past_due=[], pending_verification=[])
    return item


def account_object(
    scope: Scope, *, identifier: str, name: str, email: str | None = None, country: str = "US", kind: str = "standard"
) -> Object:
    """Make an account that has finished its onboarding, on its own shelf."""
    blank = scope.double.specification.blank
    address: Object = blank("address")
    dashboard = {"display_name": name, "timezone": "Etc/UTC"}
    settings: Object = {
        "branding": blank("account_branding_settings"),
        "card_payments": {
            **blank("account_card_payments_settings"),
            "decline_on": {"avs_failure": False, "cvc_failure": False},
        },
        "dashboard": dashboard,
        "invoices": {**blank("account_invoices_settings"), "default_account_tax_ids": None},
        "payments": {**blank("account_payments_settings"), "statement_descriptor": name.upper()[:22]},
        "payouts": {
            "debit_negative_balances": False,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
    }
    item = scope.new(
        "account",
        id=identifier,
        business_profile={**blank("account_business_profile"), "name": name, "support_address": address},
        business_type="company",
        capabilities={"card_payments": "active", "transfers": "active"},
        charges_enabled=True,
        controller={"type": "account"},
        country=country,
        created=scope.now,
        default_currency="usd",
        details_submitted=True,
        email=email or f"{identifier.lower()}@example.com",
        external_accounts={
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{identifier}/external_accounts",
        },
        future_requirements=_requirements(scope, "account_future_requirements"),
        metadata={},
        payouts_enabled=True,
        requirements=_requirements(scope, "account_requirements"),
        settings=settings,
        tos_acceptance={"date": scope.now},
        type=kind,
    )
    return scope.save(item)
