"""The queue: what waits, what is due first, and the way to the next case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import visible_cases
from cases.actors import Actor
from cases.models import Case, State
from cases.queue import COUNTED, SAVED_VIEWS, Filters, Page, counts, next_case, queue_page
from cases.reference import parse_reference
from cases.views.reviewer.filters import QueueForm, address_of, view_of
from cases.views.room import desk_room
from subscriptions.models import Partner
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy

SHORT = {
    State.AWAITING_ANSWER: "Asked",
    State.WITH_PARTNER: "With partner",
    State.DECLINED: "Declined",
}
"""States that have no room in a column."""
ABBREVIATION = re.compile(r"\(([^)]+)\)$")
"""What a family's name says that it is called for short."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the queue's table."""

    case: Case
    state: str
    family: str
    outcome: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class RailView:
    """A saved view in the rail, with its count as it is shown."""

    label: str
    address: str
    count: str
    is_current: bool


@desk_room
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One page of the queue; a search for one case's reference leads to the case."""
    families = dict(active_policy().families)
    partners = list(Partner.objects.order_by("name", "pk").values_list("pk", "name"))
    form = QueueForm(request.GET, families, partners)
    filters = form.filters()
    page = queue_page(actor, filters, **form.place())
    if _is_named(page, filters):
        return redirect("review:case", page.rows[0].reference)
    context = {
        "form": form,
        "filters": filters,
        "rail": _rail(actor, filters),
        "view": view_of(filters),
        "rows": _rows(page, families),
        "newer_url": address_of(filters, before=page.newer) if page.newer else "",
        "older_url": address_of(filters, after=page.older) if page.older else "",
        "may_take_next": actor.is_reviewer,
        "clear_url": address_of(Filters()),
    }
    return render(request, "reviewer/queue.html", context, status=400 if form.errors else 200)


@desk_room
def next_due(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first due case that this person may decide, or the one behind the case they look at."""
    reference = parse_reference(request.GET.get("after", "")[:40])
    looked_at = visible_cases(actor).filter(reference=reference).only("due_at").first()
    found = next_case(actor, looked_at)
    if found is not None:
        return redirect("review:case", found.reference)
    messages.info(request, "Nothing else waits for a decision of yours.")
    return redirect("review:queue")


def _is_named(page: Page, filters: Filters) -> bool:
    reference = parse_reference(filters.search)
    return reference is not None and [row.reference for row in page.rows] == [reference]


def _rail(actor: Actor, filters: Filters) -> list[RailView]:
    counted = counts(actor)
    return [
        RailView(view.label, address_of(view.filters), _written(counted[view.name]), view.filters == filters)
        for view in SAVED_VIEWS
    ]


def _written(count: int) -> str:
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)


def _rows(page: Page, families: Mapping[str, str]) -> list[Row]:
    now = timezone.now()
    short = {family: _abbreviated(name) for family, name in families.items()}
    return [
        Row(
            case,
            state=SHORT.get(State(case.state), State(case.state).label),
            family=short.get(case.family, case.family),
            outcome=Outcome(case.outcome).label,
            is_late=case.due_at is not None and case.due_at < now,
        )
        for case in page.rows
    ]


def _abbreviated(family: str) -> str:
    found = ABBREVIATION.search(family)
    return found[1] if found else family
