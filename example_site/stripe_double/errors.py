"""Errors in the shapes that Stripe answers with."""

from typing import Any

OUR_FAULT = "Something went wrong inside the double. It is recorded; see /_control/problems."


class StripeError(Exception):
    """An answer that is an error: an HTTP status and Stripe's error object."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        remembered: bool = True,
        headers: dict[str, str] | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.remembered = remembered
        self.headers = headers or {}
        self.error = {
            "type": kind,
            "message": message,
            **{key: item for key, item in fields.items() if item is not None},
        }
        code = self.error.get("code")
        if code:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        return {"error": self.error}


class SpecificationViolation(Exception):
    """The double made an object that Stripe's description does not allow: a fault of the double."""


def invalid(
    message: str, *, param: str | None = None, code: str | None = None, status: int = 400, **fields: Any
) -> StripeError:
    """Return an invalid_request_error that an endpoint found while it worked (remembered under idempotency keys)."""
    return StripeError(status, "invalid_request_error", message, param=param, code=code, **fields)


def refused(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> StripeError:
    """Return an invalid_request_error found before the endpoint began (not remembered)."""
    return StripeError(status, "invalid_request_error", message, remembered=False, param=param, code=code)


def missing(name: str, identifier: str, param: str = "id", status: int = 404) -> StripeError:
    """Return the error for an object that is not there."""
    label = name.replace("_", " ") if name in ("payment_method", "webhook_endpoint", "credit_note") else name
    label = {"payment method": "PaymentMethod", "credit note": "credit note"}.get(label, label)
    return StripeError(
        status, "invalid_request_error", f"No such {label}: '{identifier}'", code="resource_missing", param=param
    )


def card_error(message: str, code: str, *, decline_code: str | None = None, **fields: Any) -> StripeError:
    """Return a card_error, as a bank's refusal gives."""
    return StripeError(402, "card_error", message, code=code, decline_code=decline_code, **fields)


def rate_limited(reason: str) -> StripeError:
    """Return the error of too many calls in a second, in all or of one endpoint (docs.stripe.com/rate-limits)."""
    return StripeError(
        429,
        "invalid_request_error",
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        remembered=False,
        headers={"Stripe-Rate-Limited-Reason": reason},
    )


def lock_timeout() -> StripeError:
    """Return the error of an object that another request holds (docs.stripe.com/error-codes, `lock_timeout`)."""
    return StripeError(
        429,
        "invalid_request_error",
        "This object cannot be accessed right now because another API request or Stripe process is currently accessing "
        "it. If you see this error intermittently, retry the request.",
        code="lock_timeout",
        remembered=False,
    )


def our_error(detail: str | None = None) -> StripeError:
    """Return the error of a server that failed."""
    return StripeError(500, "api_error", detail or OUR_FAULT, remembered=False)
