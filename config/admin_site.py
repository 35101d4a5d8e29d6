"""``/admin/``: for operators alone, signed in where everybody signs in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

View = Callable[..., HttpResponseBase]


class OperatorsSite(AdminSite):
    """Nobody who is not signed in sees more than the sign-in; whoever is no operator gets 403."""

    site_title = index_title = "Reference data and records"
    enable_nav_sidebar = False

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]  # its own type is private
        """Every view of the admin passes through here."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                return inner(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return redirect_to_login(request.get_full_path())

        return enter

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The product's own sign-in, with its limits: there is no second one."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or "/admin/")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The product's own."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The product's own."""
        return redirect("account_change_password")
