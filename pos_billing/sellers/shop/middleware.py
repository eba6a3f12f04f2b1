"""Middleware of a shop, for several Sellers and a platform without a shop."""

from typing import Any

from django.contrib.flatpages.middleware import FlatpageFallbackMiddleware
from django.core.signing import BadSignature
from django.db.models import Manager, Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from oscar.apps.basket.middleware import BasketMiddleware
from oscar.core.loading import get_model

from pos_billing.sellers.schemas import is_platform
from pos_billing.sellers.shop.signing import seller_signer


class SellerBasketMiddleware(BasketMiddleware):  # type: ignore[misc]  # Oscar has no types
    """Keeps a visitor's basket in a cookie that only the Seller who gave it out accepts.

    The platform's host has no shop, hence no basket.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response if is_platform() else super().__call__
        response: HttpResponseBase = answer(request)
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Put the basket into the page, where there is one."""
        if not is_platform():
            response = super().process_template_response(request, response)
        return response

    def get_basket_hash(self, basket_id: int) -> str:
        """Sign the basket's number for the current Seller."""
        return seller_signer("basket").sign(str(basket_id))

    def get_cookie_basket(self, cookie_key: str, request: Any, manager: Manager[Model]) -> Model | None:
        """Return the open basket that the cookie names, if this Seller signed it; have other cookies removed."""
        if cookie_key not in request.COOKIES:
            return None
        baskets = get_model("basket", "Basket")
        try:
            number = seller_signer("basket").unsign(request.COOKIES[cookie_key])
            found: Model = baskets.objects.get(pk=number, owner=None, status=baskets.OPEN)
        except (BadSignature, baskets.DoesNotExist):
            request.cookies_to_delete.append(cookie_key)
            return None
        return found


class SellerFlatpageMiddleware(FlatpageFallbackMiddleware):
    """Looks for a shop's own pages; the platform's host has none, nor the tables to look in."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave the platform's answers as they are."""
        return response if is_platform() else super().process_response(request, response)
