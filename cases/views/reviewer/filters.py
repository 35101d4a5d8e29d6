"""The queue's address: filters and place in it, read from a query string and written into one."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms

from cases.models import Band, State
from cases.queue import FIRST_VIEW, SAVED_VIEWS, Filters, Key, Only, SavedView
from subscriptions.policy.outcome import Outcome

LONGEST_SEARCH = 200
STATES = [choice for choice in State.choices if choice[0] not in (State.NEW, State.SUBMITTED)]


def read_query(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the address asks for: the first saved view where it asks for nothing."""
    return query or {"state": FIRST_VIEW.filters.state}


class KeyField(forms.CharField):
    """A place in the queue, as ``Key`` writes it."""

    def clean(self, value: object) -> Any:
        """The key; ``None`` where there is none."""
        try:
            return Key.parse(str(value)) if value else None
        except (ValueError, OverflowError):
            raise forms.ValidationError("This is no place in the queue. Start from its first page.") from None


class QueueForm(forms.Form):
    """Filters, search and place. What cannot be read narrows nothing and is named."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *STATES])
    family = forms.ChoiceField(label="Family", required=False)
    partner = forms.TypedChoiceField(label="Partner", required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any outcome"), *Outcome.choices]
    )
    band = forms.ChoiceField(label="Band", required=False, choices=[("", "Any band"), *Band.choices])
    only = forms.ChoiceField(label="Only", required=False, choices=[("", "All"), *Only.choices])
    q = forms.CharField(label="Search", required=False, max_length=LONGEST_SEARCH)
    after = KeyField(label="Page", required=False)
    before = KeyField(label="Page", required=False)

    def __init__(
        self, query: Mapping[str, Any], families: Mapping[str, str], partners: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(read_query(query))
        self._choices("family").choices = [("", "Any family"), *families.items()]
        self._choices("partner").choices = [("", "Any partner"), *partners]
        self.full_clean()

    def filters(self) -> Filters:
        """What could be read."""
        read = self.cleaned_data
        return Filters(
            state=read.get("state", ""),
            family=read.get("family", ""),
            outcome=read.get("outcome", ""),
            band=read.get("band", ""),
            partner=read.get("partner"),
            only=read.get("only", ""),
            search=read.get("q", ""),
        )

    def place(self) -> dict[str, Key | None]:
        """Where the page starts."""
        return {name: self.cleaned_data.get(name) for name in ("after", "before")}

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        return field


def address_of(filters: Filters, **place: Key | None) -> str:
    """The query string of a page of the queue."""
    named = {
        "family": filters.family,
        "outcome": filters.outcome,
        "band": filters.band,
        "partner": filters.partner,
        "only": filters.only,
        "q": filters.search,
        **place,
    }
    return "?" + urlencode({"state": filters.state} | {name: value for name, value in named.items() if value})


def view_of(filters: Filters) -> SavedView | None:
    """The saved view that these filters are, if they are one."""
    return next((view for view in SAVED_VIEWS if view.filters == filters), None)
