"""Uploaded files, each given out on its own Seller's host only."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

from pos_billing.sellers.schemas import current_schema


def seller_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a file of the Seller whose host was asked; another Seller's files are not found here.

    A web server in front may do the same: give out MEDIA_ROOT/<schema>/ on that schema's hosts, and nothing else.
    """
    schema, _, rest = path.partition("/")
    if schema != current_schema():
        raise Http404("No such file.")
    return serve(request, rest, document_root=str(Path(settings.MEDIA_ROOT) / schema))
