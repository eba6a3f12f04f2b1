"""The e-mail to somebody who was let in: what there is to see, and the way to a password."""

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from pos_billing.notices.mail import sender_of
from pos_billing.notices.words import Words
from pos_billing.plans.models import SellerSettings
from pos_billing.wording import count

log = logging.getLogger(__name__)


def invite(request: HttpRequest, user: Any, *, to_see: str, page: str) -> None:
    """Tell ``user`` by e-mail that it may see ``to_see`` at the URL called ``page``; a message says whether it went.

    Somebody who never signed in gets a link that sets a password; it holds as long as Django's
    ``PASSWORD_RESET_TIMEOUT`` says and works once.
    """
    seller = SellerSettings.objects.get()
    said = f"You can see {to_see} now."
    if user.last_login is None:
        holds = count(timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days, "day")
        paragraphs = (
            said, f"Choose a password first. The link works once, within {holds}; later, “Forgot your password?” on "
            "the sign-in page sends another one.",
        )  # fmt: skip
        words, path = Words(f"Your access to {seller.name}", paragraphs, "Choose a password"), _password_path(user)
    else:
        words, path = Words(f"Your access to {seller.name}", (said,), "Open the page"), reverse(page)
    context = {
        "words": words, "seller": seller, "account": {"name": user.email}, "link": request.build_absolute_uri(path),
    }  # fmt: skip
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=render_to_string("pos_billing/collection/notice.txt", context),
        from_email=sender_of(seller),
        to=[user.email],
        reply_to=[seller.email] if seller.email else None,
    )
    message.attach_alternative(render_to_string("pos_billing/collection/notice.html", context), "text/html")
    try:
        message.send()
    except (SMTPException, OSError):
        log.exception("An invitation was not sent.")
        messages.warning(
            request, f"The e-mail to {user.email} could not be sent. Tell them to use “Forgot your password?” at "
            f"{request.build_absolute_uri(reverse(page))}.",
        )  # fmt: skip
    else:
        messages.info(request, f"{user.email} was told by e-mail.")


def _password_path(user: Any) -> str:
    """Where the shop lets somebody with this token choose a password."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password-reset-confirm", kwargs={"uidb64": key, "token": default_token_generator.make_token(user)})
