"""The platform's people in the platform's admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class PlatformUserAdmin(UserAdmin):
    """Users of the platform are switched off, not deleted: what they did stays theirs.

    (Deleting could not work either: shops refer to users, and the platform's schema has no shop tables to look in.)
    """

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes; untick "active" instead."""
        return False
