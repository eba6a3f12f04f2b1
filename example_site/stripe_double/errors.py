"""Errors in the shapes that Stripe answers with."""

from typing import Any


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
