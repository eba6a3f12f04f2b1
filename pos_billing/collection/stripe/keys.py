"""Names we give to things at Stripe, so that a repeated call is the same call, and a found object is known as ours.

Idempotency keys are made of what is asked, never of when: the same step of the same try has the same key after a
crash. They are forgotten by Stripe after a day, so that whoever repeats a step later looks by metadata first.
"""

SCHEMA = "pos_billing_schema"
ACCOUNT = "pos_billing_account"
STATEMENT = "pos_billing_statement"
GENERATION = "pos_billing_generation"
PLAN = "pos_billing_plan"
REFUND = "pos_billing_refund"


def customer_key(schema: str, account_id: int) -> str:
    """The key of making a customer."""
    return f"{schema}:account:{account_id}:customer"


def customer_metadata(schema: str, account_id: int) -> dict[str, str]:
    """How a customer is known as the one of an Account."""
    return {SCHEMA: schema, ACCOUNT: str(account_id)}


def invoice_key(schema: str, number: str, generation: int, step: str) -> str:
    """The key of a step (``create``, ``lines``, ``finalize``) of a statement's invoice."""
    return f"{schema}:statement:{number}:{generation}:{step}"


def invoice_metadata(schema: str, number: str, generation: int) -> dict[str, str]:
    """How an invoice is known as the one of a statement."""
    return {SCHEMA: schema, STATEMENT: number, GENERATION: str(generation)}


def pay_key(schema: str, number: str, generation: int, attempt: int) -> str:
    """The key of one try to charge the card: the next try is another call."""
    return f"{schema}:statement:{number}:{generation}:pay:{attempt}"


def refund_key(schema: str, refund_id: int) -> str:
    """The key of giving money back."""
    return f"{schema}:refund:{refund_id}"


def refund_metadata(schema: str, refund_id: int) -> dict[str, str]:
    """How a refund is known as ours."""
    return {SCHEMA: schema, REFUND: str(refund_id)}


def product_id(schema: str, plan_id: int) -> str:
    """The product of a plan. We give it its id, so that it cannot be made twice."""
    return f"pos_billing_{schema}_{plan_id}"
