"""The queue's address: filters and place in it, read from a query string and written into one."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms

from cases.models import Band, State
from cases.queue import FIRST_VIEW, SAVED_VIEWS, Filters, Key, Only, SavedView
from subscriptions.policy.outcome import Outcome

LONGEST_SEARCH = 200
PLACES = ("after", "before")
NO_SUCH = {"invalid_choice": "There is no “%(value)s”. Choose one from the list."}
STATES = [choice for choice in State.choices if choice[0] not in (State.NEW, State.SUBMITTED)]


def read_query(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the address asks for: the first saved view where it asks for nothing."""
    return query or {"state": FIRST_VIEW.filters.state}


class QueueForm(forms.Form):
    """Filters, search and place. What cannot be read narrows nothing and is named."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), *STATES], error_messages=NO_SUCH
    )
    family = forms.ChoiceField(label="Family", required=False, error_messages=NO_SUCH)
    partner = forms.TypedChoiceField(
        label="Partner", required=False, coerce=int, empty_value=None, error_messages=NO_SUCH
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        required=False,
        choices=[("", "Any outcome"), *Outcome.choices],
        error_messages=NO_SUCH,
    )
    only = forms.ChoiceField(
        label="Only", required=False, choices=[("", "All"), *Only.choices], error_messages=NO_SUCH
    )
    band = forms.ChoiceField(
        label="Band", required=False, choices=[("", "Any band"), *Band.choices], error_messages=NO_SUCH
    )
    q = forms.CharField(label="Search", required=False, max_length=LONGEST_SEARCH)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    def __init__(
        self, query: Mapping[str, Any], families: Mapping[str, str], partners: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(read_query(query), auto_id="filter-%s")
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

    def clean(self) -> dict[str, Any]:
        """Where the page starts, as keys."""
        for name in PLACES:
            if text := self.cleaned_data.get(name):
                self.cleaned_data[name] = self._key_of(text)
        return self.cleaned_data

    def place(self) -> dict[str, Key | None]:
        """Where the page starts."""
        return {name: self.cleaned_data.get(name) or None for name in PLACES}

    def _key_of(self, text: str) -> Key | None:
        try:
            return Key.parse(text)
        except ValueError:
            self.add_error(None, "The address names no place in the queue; this is its first page.")
            return None

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
