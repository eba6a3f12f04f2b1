"""Users of a Seller's host that somebody else makes for them."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.crypto import get_random_string


def user_who_asks_for_a_password(email: str, **fields: Any) -> Any:
    """Make a user of the current schema who signs in once a password was asked for by e-mail ("Forgot your password").

    The password is a long one that nobody knows: Django sends nothing to users whose password is marked unusable.
    ``fields`` are further fields of the user model.
    """
    return get_user_model().objects.create_user(
        username=email.lower()[:150], email=email, password=get_random_string(64), **fields
    )
