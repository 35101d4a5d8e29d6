"""What every template knows."""

from typing import Any

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest

from people.models import DeskRole, User

THEMES = ("light", "dark")
DEMO_DOMAIN = "@demo.example"


def desk(request: HttpRequest) -> dict[str, Any]:
    """The desk's name, address and mode, and which theme the reader chose."""
    theme = request.COOKIES.get("theme", "")
    known: dict[str, Any] = {
        "name": settings.DESK_NAME,
        "base_url": settings.BASE_URL,
        "is_demo": settings.DEMO,
    }
    if settings.DEMO:
        known |= {"demo_logins": demo_logins, "demo_password": settings.DEMO_PASSWORD}
    return {"desk": known, "theme": theme if theme in THEMES else ""}


def demo_logins() -> list[dict[str, str]]:
    """The demo's people: ``email``, ``name`` and ``what`` they are. Asked only by the page that shows them."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN).order_by("pk")
    belongs = people.annotate(
        customer=Min("customer_memberships__customer__name"),
        partner=Min("partner_memberships__partner__name"),
    )
    return [
        {
            "email": user.email,
            "name": user.name,
            "what": _what(user, user.customer, user.partner),
        }
        for user in belongs
    ]


def _what(user: User, customer: str | None, partner: str | None) -> str:
    if user.desk_role:
        return _DESK[DeskRole(user.desk_role)]
    return f"Partner: vouches as {partner}" if partner else f"Customer: asks for {customer}"


_DESK = {
    DeskRole.REVIEWER: "Reviewer: asks and decides",
    DeskRole.SENIOR: "Senior reviewer: also revokes",
    DeskRole.AUDITOR: "Auditor: reads every case, changes none",
    DeskRole.OPERATOR: "Operator: looks after reference data",
}
