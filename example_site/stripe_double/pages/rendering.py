"""Templates and the way values are shown in them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from example_site.stripe_double.double import Double

HERE = Path(__file__).parent
SECTIONS = (
    ("", "Overview"),
    ("customers", "Customers"),
    ("invoices", "Invoices"),
    ("payments", "Payments"),
    ("events", "Events"),
    ("endpoints", "Endpoints"),
    ("requests", "Requests"),
    ("faults", "Faults"),
)
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "aud": "A$"}


def cents(amount: int, currency: str = "usd") -> str:
    """Show an amount of cents."""
    symbol = SYMBOLS.get(currency, f"{currency.upper()} ")
    return f"{'−' if amount < 0 else ''}{symbol}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def moment(seconds: int) -> str:
    """Show a moment."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y, %H:%M:%S")


def day(seconds: int) -> str:
    """Show a day."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y")


def field(seconds: int) -> str:
    """Show a moment as a datetime field wants it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M")


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    undefined=jinja2.StrictUndefined,
)
ENVIRONMENT.filters.update(cents=cents, moment=moment, day=day, field=field)


def text_of(template: str, **values: Any) -> str:
    """Return a rendered template."""
    return ENVIRONMENT.get_template(template).render(**values)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a submitted form."""
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def page(double: Double, template: str, section: str, title: str, **values: Any) -> HTMLResponse:
    """Return a page of the double with its frame around."""
    return HTMLResponse(
        text_of(
            template,
            section=section,
            title=title,
            sections=SECTIONS,
            now=double.clock.now(),
            frozen=double.clock.frozen,
            problems=len(double.problems),
            **values,
        )
    )
