"""What people see: the double's own page, hosted invoices, 3-D Secure, and Stripe.js."""

from starlette.applications import Starlette
from starlette.routing import Mount

from example_site.stripe_double.control_api import control_routes
from example_site.stripe_double.double import Double


def pages_application(double: Double) -> Starlette:
    """Return the application of everything that is not under /v1/."""
    return Starlette(routes=[Mount("/_control", routes=control_routes(double))])
