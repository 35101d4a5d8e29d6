"""The checker of the public pages: what it asks for, and the facts in what a visitor fills in."""

import re
from typing import Any

from django import forms

from front.policy_table import offers_by_family
from subscriptions.policy.document import CONDITIONS, Policy
from subscriptions.policy.facts import DAY, FactError, Facts

QUOTA_ID = re.compile(r".+_[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIELD_OF = {"offer_id": "pasted", "quota_id": "pasted"}
LONGEST_SHOWN = 60
PASTED = {
    "class": "mono",
    "maxlength": "200",
    "placeholder": "MS-AZR-0003P",
    "autocomplete": "off",
    "spellcheck": "false",
}
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
YES_OR_NO = [("", "I do not know"), ("yes", "yes"), ("no", "no")]


def _number(label: str, help_text: str) -> forms.CharField:
    """Kept as it was typed: the policy's own reader says what is wrong with it."""
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs=NUMBER)
    )


class CheckerForm(forms.Form):
    """Offer and date, and the conditions that some rule of the policy has; nothing has to be known.

    ``facts`` are those that were stated, once it is valid.
    """

    offer = forms.CharField(label="Offer", required=False, widget=forms.Select)
    pasted = forms.CharField(
        label="Or paste an offer ID or quotaId", required=False, widget=forms.TextInput(attrs=PASTED)
    )
    created = forms.CharField(
        label="Subscription created on",
        help_text="The day in UTC. Leave it empty if you do not know.",
        required=False,
        widget=forms.TextInput(attrs={"type": "date"}),
    )
    account_age_days = _number("Age of your account", "In days.")
    paid_invoices = _number("Invoices paid", "How many so far.")
    paid_total_usd = _number("Paid in all", "In US dollars.")
    identity_verified = forms.CharField(
        label="Is your identity verified?", required=False, widget=forms.Select(choices=YES_OR_NO)
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.facts = Facts()
        self.fields["offer"].widget.choices = [("", "Choose your offer"), *_offers(policy)]
        asked = {fact for rule in policy.rules for fact, _ in rule.conditions}
        for fact in set(CONDITIONS) - asked:
            del self.fields[fact]

    def clean(self) -> dict[str, Any]:
        """Read the facts; the first that cannot be read is named at its field."""
        created = self.cleaned_data.get("created")
        if created and not DAY.fullmatch(created):
            # A browser shows nothing in a field for days that holds no day.
            self.fields["created"].widget.input_type = "text"
        try:
            self.facts = Facts.from_text(self._texts())
        except FactError as error:
            self.add_error(FIELD_OF.get(error.field, error.field), error.reason)
        return self.cleaned_data

    def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = dict(self.cleaned_data)
        chosen, pasted = texts.pop("offer", ""), texts.pop("pasted", "")
        return texts | {"offer_id": chosen} | (_pasted(pasted, chosen, self.policy) if pasted else {})


def _offers(policy: Policy) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every offer by the title of its family, as a select takes them."""
    return [
        (title, [(offer.id, f"{offer.name} · {offer.id}") for offer in offers])
        for title, offers in offers_by_family(policy)
    ]


def _pasted(text: str, chosen: str, policy: Policy) -> dict[str, str]:
    """The fact that a pasted text is; a quotaId may stand beside the chosen offer."""
    if policy.offer(text) is None and QUOTA_ID.fullmatch(text):
        return {"quota_id": text}
    if chosen and chosen.casefold() != text.casefold():
        reason = f"you chose {chosen[:LONGEST_SHOWN]} and pasted {text[:LONGEST_SHOWN]}; leave one of the two empty"
        raise FactError("pasted", reason)
    return {"offer_id": text}
