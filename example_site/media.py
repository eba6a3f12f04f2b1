"""Uploaded files, each given out on its own Seller's host only."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest
from django.views.static import serve


def seller_media(request: HttpRequest, path: str) -> FileResponse:
    """Serve a file of the Seller whose host was asked; another Seller's files are not found here.

    A web server in front may do the same: give out MEDIA_ROOT/<schema>/ on that schema's hosts, and nothing else.
    """
    schema, _, rest = path.partition("/")
    if schema != connection.schema_name:
        raise Http404("No such file.")
    return serve(request, rest, document_root=Path(settings.MEDIA_ROOT) / schema)
