"""What people see: the double's own page, hosted invoices, 3-D Secure, and Stripe.js."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from example_site.stripe_double.control_api import control_routes
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.pages.actions import Actions
from example_site.stripe_double.pages.checkout import Checkout
from example_site.stripe_double.pages.connect import Connect
from example_site.stripe_double.pages.dashboard import Dashboard
from example_site.stripe_double.pages.lists import Lists
from example_site.stripe_double.pages.rendering import HERE

LOCAL_NAMES = ["localhost", "127.0.0.1", "*.localhost"]


async def explain(request: Request, error: Exception) -> Response:
    """Say in words why something was refused."""
    status = error.status if isinstance(error, StripeError) else 500
    return PlainTextResponse(str(error), status)


def pages_application(double: Double) -> Starlette:
    """Return the application of everything that is not under /v1/."""
    return Starlette(
        routes=[
            Mount("/_control", routes=control_routes(double)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Mount("/actions", routes=Actions(double).routes()),
            *Checkout(double).routes(),
            *Connect(double).routes(),
            *Dashboard(double).routes(),
            *Lists(double).routes(),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=LOCAL_NAMES)],
        exception_handlers={StripeError: explain},
    )
