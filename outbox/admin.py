"""The outbox in Django's admin: what left, what waits, what was given up; dead letters can be tried again.

What a message says is not here: see ``people.admin_base``.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from outbox.dead_letters import dead_letters, retry
from outbox.models import KeptMail, Message
from outbox.relay import WAITING
from people.admin_base import RecordAdmin

STANDINGS = {
    "waiting": ("Waiting", WAITING),
    "parked": ("Given up", Q(parked_at__isnull=False)),
    "sent": ("Sent", Q(sent_at__isnull=False)),
}


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        chosen = STANDINGS.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    list_display = ("key", "topic", "standing", "attempts", "created_at", "next_attempt_at", "last_error")
    list_filter = (StandingFilter,)
    found_by = {"key__startswith": str}
    search_help_text = "The beginning of a key: for mail about a case, its reference."
    fields = (
        "key",
        "topic",
        "thread",
        "standing",
        "attempts",
        "created_at",
        "next_attempt_at",
        "sent_at",
        "parked_at",
        "last_error",
    )
    actions = ("try_again",)

    @admin.display
    def standing(self, message: Message) -> str:
        if message.sent_at is not None:
            return "sent"
        return "waiting" if message.parked_at is None else "given up"

    @admin.action(description="Try dead letters again", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        chosen = dead_letters().filter(pk__in=list(queryset.values_list("pk", flat=True)))
        count = chosen.count()
        tried = retry(chosen)
        messages.info(request, f"Put back: {tried}. The relay tries them at once.")
        if tried < count:
            left = "Left as they are, since a later message of their thread has left: "
            messages.warning(request, f"{left}{count - tried}.")


@admin.register(KeptMail)
class KeptMailAdmin(RecordAdmin):
    """Demo mode's; what it says is at ``/dev/mail/``."""

    list_display = ("subject", "to", "kept_at")
    fields = ("to", "subject", "kept_at")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return settings.DEMO and super().has_module_permission(request)
