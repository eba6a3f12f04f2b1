"""The platform's people in the platform's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

if TYPE_CHECKING:
    OfUser = UserAdmin[User]  # only the stubs know it with a parameter
else:
    OfUser = UserAdmin

admin.site.unregister(User)


@admin.register(User)
class PlatformUserAdmin(OfUser):
    """Users of the platform are switched off, not deleted: what they did stays theirs.

    (Deleting could not work either: shops refer to users, and the platform's schema has no shop tables to look in.)
    """

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes; untick "active" instead."""
        return False
