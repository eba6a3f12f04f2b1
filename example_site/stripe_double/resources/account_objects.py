"""How an account looks, how it comes, and how it goes."""

from example_site.stripe_double.accounts import (
    CLIENT_ID,
    PLATFORM_ACCOUNT,
    PUBLISHABLE_KEY,
    SECRET_KEY,
)
from example_site.stripe_double.core import Core
from example_site.stripe_double.errors import StripeError
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


def add_platform(core: Core) -> str:
    """Make the account whose keys are known beforehand."""
    core.accounts.register(PLATFORM_ACCOUNT, SECRET_KEY, PUBLISHABLE_KEY)
    account_object(Scope(core, PLATFORM_ACCOUNT), identifier=PLATFORM_ACCOUNT, name="Platform")
    return PLATFORM_ACCOUNT


def add_account(
    core: Core,
    *,
    name: str,
    email: str | None = None,
    connected_to: str | None = PLATFORM_ACCOUNT,
    secret_key: str | None = None,
    publishable_key: str | None = None,
    country: str = "US",
) -> Object:
    """Make another account with keys of its own; connect it to a platform unless that is None."""
    identifier = core.identifiers.new("account")
    secret_key = secret_key or f"sk_test_{core.identifiers.token(32)}"
    publishable_key = publishable_key or f"pk_test_{core.identifiers.token(32)}"
    core.accounts.register(identifier, secret_key, publishable_key)
    item = account_object(Scope(core, identifier), identifier=identifier, name=name, email=email, country=country)
    if connected_to is not None:
        core.accounts.connect(identifier, connected_to)
    return {"account": item, "secret_key": secret_key, "publishable_key": publishable_key}


def deauthorise(core: Core, account: str, place: str | None = None) -> None:
    """Take the platform's access to an account away, and tell it; `place` says in which mode that happened."""
    if core.accounts.platform_of(account) is None:
        raise StripeError(
            401,
            "invalid_request_error",
            f"This application is not connected to stripe account {account}, or that account does not exist.",
        )
    application = {"id": CLIENT_ID, "object": "application", "name": "Platform"}
    Scope(core, place or account).emit("account.application.deauthorized", application)
    del core.accounts.platforms[account]
