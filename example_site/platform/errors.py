"""The platform's error pages: plain, and without a query to the database."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

WORDS = {
    400: ("This request was not understood.", "Go back and try again; if it happens again, tell your administrator."),
    403: ("You may not open this page.", "Sign in as somebody who may, or ask your administrator."),
    404: ("There is no such page.", "Look at the address, or begin at the start page."),
    500: ("Something went wrong on our side.", "Nothing was changed. Try again; the error has been logged."),
}


def _page(status: int, request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    title, advice = WORDS[status]
    return HttpResponse(render_to_string("platform/error.html", {"title": title, "advice": advice}), status=status)


bad_request = partial(_page, 400)
forbidden = partial(_page, 403)
not_found = partial(_page, 404)
failed = partial(_page, 500)
