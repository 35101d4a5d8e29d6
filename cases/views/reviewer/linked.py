"""What ties cases together: a domain, an address, a contact…, with all cases that came with it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.actors import Actor
from cases.antifraud.links import MOST_ONWARD, cases_with, onward, seen, traits_of_cases
from cases.antifraud.picture import MOST_CASES, draw, shared_traits, shortened
from cases.antifraud.picture_narrow import narrowed
from cases.keyset import Order, page_of
from cases.models import Case, State, TraitKind
from cases.reference import parse_reference
from cases.refusals import NotThere
from cases.values import address_of, domain_of
from cases.views.room import desk_room
from subscriptions.models import Customer, Partner

PAGE = 25
MOST_SHARED = 30  # rows of the table
LONGEST_VALUE = 320
LARGEST_ID = 2**63 - 1
PLAIN_NUMBER = re.compile(r"[1-9][0-9]*")  # as traits hold it: one party has one page
PARTIES: Mapping[TraitKind, type[Customer | Partner]] = {
    TraitKind.CUSTOMER: Customer,
    TraitKind.PARTNER: Partner,
}
AS_KEPT: Mapping[TraitKind, Callable[[str], str]] = {
    TraitKind.DOMAIN: domain_of,
    TraitKind.ADDRESS: address_of,
    TraitKind.CONTACT: str.lower,
}
"""How what is kept in one form is brought into it."""
NEWEST_FIRST = Order(key=("id",), is_newest_first=True, named_by="reference")


@desk_room
def linked(request: HttpRequest, actor: Actor, kind: str, value: str) -> HttpResponse:
    """All cases with that trait, how they ended, what else they share, and what leads on. Eight queries beside who asks."""
    trait = _kind_of(kind, value)
    if (kept := _as_kept(trait, value)) != value:
        return redirect("review:linked", kind, kept)
    name = _name_of(trait, value)
    counted = seen(trait, value)
    place = {name: parse_reference(request.GET.get(name, "")[:40]) for name in ("after", "before")}
    rows = cases_with(trait, value).select_related("customer", "subscription")
    page = page_of(rows, NEWEST_FIRST, PAGE, **place)
    newest = _newest(page.rows, rows, is_first=page.before is None)
    shared = shared_traits(traits_of_cases([case.pk for case in newest]), (kind, value))
    context: dict[str, Any] = {
        "kind": trait,
        "value": value,
        "name": name,
        "is_party": trait in PARTIES,
        "seen": counted,
        "by_state": [(state, counted.by_state[state]) for state in State.values if state in counted.by_state],
        "rows": page.rows,
        "page": page,
        "shared": shared[:MOST_SHARED],
        "shared_left_out": max(0, len(shared) - MOST_SHARED),
        "onward": onward([case.pk for case in newest], rows)[:MOST_SHARED],
        "most_onward": MOST_ONWARD,
        "short": shortened(name),
    }
    if newest:
        picture = draw(newest, shared, counted)
        context |= {"picture": picture, "narrow": narrowed(picture)}
    return render(request, "reviewer/linked.html", context)


def _kind_of(kind: str, value: str) -> TraitKind:
    if kind not in TraitKind.values or "\0" in value or len(value) > LONGEST_VALUE:
        raise NotThere("There is nothing of this kind that ties cases together.")
    return TraitKind(kind)


def _as_kept(kind: TraitKind, value: str) -> str:
    """As traits hold it: however it is written, one domain or address has one page. Raises ``NotThere``."""
    try:
        return AS_KEPT.get(kind, str)(value)
    except ValueError as error:
        raise NotThere(str(error)) from None


def _name_of(kind: TraitKind, value: str) -> str:
    """As people know it: partners and customers are kept by their numbers in the database.

    Raises ``NotThere``.
    """
    if kind not in PARTIES:
        return value
    is_id = PLAIN_NUMBER.fullmatch(value) is not None and int(value) <= LARGEST_ID
    party = PARTIES[kind].objects.filter(pk=int(value)).first() if is_id else None
    if party is None:
        raise NotThere(f"There is no such {kind.label.lower()}.")
    return party.name


def _newest(shown: list[Case], rows: QuerySet[Case], *, is_first: bool) -> list[Case]:
    """The cases of the picture: the newest, whatever page is shown."""
    return shown[:MOST_CASES] if is_first else list(rows[:MOST_CASES])
