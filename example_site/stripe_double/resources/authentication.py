"""3-D Secure: what a browser has to do next, and whose secret lets it."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object


def check_secret(scope: Scope, item: Object, parameters: Parameters) -> None:
    """Refuse a browser's key without the right client secret, and a wrong secret from anybody."""
    secret = parameters.get("client_secret")
    if secret is None:
        if scope.publishable:
            raise refused("Missing required param: client_secret.", param="client_secret", code="parameter_missing")
        return
    if secret != item["client_secret"]:
        raise invalid(
            "The client_secret provided does not match the client_secret associated with this "
            f"{'SetupIntent' if item['object'] == 'setup_intent' else 'PaymentIntent'}.",
            param="client_secret",
            code=f"{item['object']}_invalid_parameter",
        )


def authentication_url(scope: Scope, item: Object) -> str:
    """Return the page where the card's holder is asked."""
    return f"{scope.double.base_url}/authenticate/{scope.place}/{item['client_secret']}"


def next_action(scope: Scope, item: Object, parameters: Parameters) -> Object:
    """Return what the browser has to do: open a modal through Stripe.js, or go to a page and come back."""
    url = authentication_url(scope, item)
    return_url = parameters.get("return_url")
    if return_url and not parameters.get("use_stripe_sdk"):
        scope.notes(item["id"])["return_url"] = return_url
        return {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    details = {"type": "three_d_secure_redirect", "stripe_js": url, "source": item["id"]}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": details}
