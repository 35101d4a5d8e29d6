"""What a partner looks for in its lists."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from cases.actors import Actor
from cases.models import Case
from cases.queries import customers_of_partner, matching_words, recent_cases_of_partner
from cases.reference import parse_reference
from subscriptions.models import Customer, Subscription


class SubscriptionSearch(forms.Form):
    """Words and a customer; ``after`` and ``before`` name the subscription to page on from."""

    q = forms.CharField(
        label="Name, customer, subscription ID or case",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    customer = forms.ModelChoiceField(
        label="Customer",
        queryset=Customer.objects.none(),
        required=False,
        empty_label="All customers",
        to_field_name="number",
        error_messages={"invalid_choice": "This is none of your customers. Choose one of the list."},
    )
    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        customer = self.fields["customer"]
        assert isinstance(customer, forms.ModelChoiceField)  # noqa: S101  # declared above
        customer.queryset = customers_of_partner(actor)

    @property
    def is_asking(self) -> bool:
        """Whether something is looked for, rather than the whole list."""
        return any(self.data.get(name, "").strip() for name in ("q", "customer"))

    def case(self) -> Case | None:
        """The case whose reference was written, if it is one of the partner's."""
        reference = parse_reference(self.cleaned_data["q"])
        return recent_cases_of_partner(self.actor).filter(reference=reference).first() if reference else None

    def among(self, subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
        """Those of ``subscriptions`` that are looked for."""
        words, customer = self.cleaned_data["q"], self.cleaned_data["customer"]
        found = matching_words(subscriptions, words) if words else subscriptions
        return found.filter(customer=customer) if customer else found
