"""What people type, checked field by field before an action sees it."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

from django import forms

from cases.details import LONGEST_TEXT, SHORTEST_REASON, AttestationDetails, RequestDetails
from cases.models import Checked, MailKind, ReasonCode, Verb

DOMAIN = re.compile(r"^(?!-)([a-z0-9-]{1,63}(?<!-)\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
MOST_LINES = 50
MOST_PER_DAY = 100_000_000


class Lines(forms.CharField):
    """Several short values, by line, comma or space; cleans to a list without repeats."""

    widget = forms.Textarea

    def to_python(self, value: object) -> Any:
        """The values, in order."""
        parts = re.split(r"[\s,;]+", super().to_python(value) or "")
        return list(dict.fromkeys(part for part in parts if part))

    def validate(self, value: Any) -> None:
        """Not empty where required, and not too many."""
        super().validate(value)
        if len(value) > MOST_LINES:
            raise forms.ValidationError(f"Give at most {MOST_LINES}; these are {len(value)}.")

    def run_validators(self, value: Any) -> None:
        """Each value is checked by the form, which knows what it is."""


class RequestForm(forms.Form):
    """A reviewable request, in the notice's classification."""

    why_direct = forms.CharField(
        label="Why does this deployment have to send directly, and not through an authenticated relay?",
        help_text=f"What did you try on 587 or 443, and what limit did you meet? At least {SHORTEST_REASON} characters.",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say why a relay on 587 or 443 cannot be used."},
    )
    mail_kind = forms.ChoiceField(
        label="What kind of mail is it?",
        choices=MailKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of mail that comes nearest."},
    )
    daily_volume = forms.IntegerField(
        label="How many messages on a busy day?",
        min_value=1,
        max_value=MOST_PER_DAY,
        error_messages={"required": "Give the messages on a busy day, in digits."},
    )
    sending_domains = Lines(
        label="Which domains do you send from?",
        help_text="What stands behind the @ in the sender, one a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Name at least one domain that you send from."},
    )
    sending_addresses = Lines(
        label="From which addresses of this subscription?",
        help_text="IPv4 or IPv6, one a line. Leave it empty if you do not know yet.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    abuse_contact = forms.EmailField(
        label="Which mailbox do people read for abuse reports?",
        help_text="We write there when somebody complains about mail from this subscription.",
        error_messages={"required": "Give a mailbox that people read for abuse reports."},
    )
    terms = forms.BooleanField(
        label="We send only mail that its readers asked for, and act on abuse reports within one working day. "
        "We know that an exemption can be revoked.",
        error_messages={"required": "Accept the terms: without them no request can be reviewed."},
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, inventory: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inventory = list(inventory)
        self.fields["idempotency_key"].initial = uuid4().hex

    def clean_sending_domains(self) -> list[str]:
        """Domain names in lower case; names in other scripts in their ASCII form."""
        return [_domain(text) for text in self.cleaned_data["sending_domains"]]

    def clean_sending_addresses(self) -> list[str]:
        """Addresses in their canonical form."""
        return [_address(text) for text in self.cleaned_data["sending_addresses"]]

    def clean_why_direct(self) -> str:
        """White space does not count."""
        text = str(self.cleaned_data["why_direct"]).strip()
        if len(text) < SHORTEST_REASON:
            raise forms.ValidationError(
                f"Write at least {SHORTEST_REASON} characters; these are {len(text)}."
            )
        return text

    def details(self) -> RequestDetails:
        """The valid form as plain values."""
        data = self.cleaned_data
        return RequestDetails(
            why_direct=data["why_direct"],
            mail_kind=data["mail_kind"],
            daily_volume=data["daily_volume"],
            sending_domains=data["sending_domains"],
            sending_addresses=data["sending_addresses"],
            abuse_contact=data["abuse_contact"],
            is_terms_accepted=data["terms"],
        )


class RecordForm(forms.Form):
    """Where the policy says never or not yet: have it on record, or say that the data is wrong."""

    data_claim = forms.CharField(
        label="Is something wrong about the data? (optional)",
        help_text="Say what is wrong and what is right. A person looks at it.",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid4().hex

    def details(self) -> RequestDetails:
        """The valid form as plain values."""
        return RequestDetails(data_claim=self.cleaned_data["data_claim"].strip())


class TextForm(forms.Form):
    """One text: a message, an answer, a question, a reason."""

    text = forms.CharField(
        label="Your message",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write something first."},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class AttestationForm(forms.Form):
    """What a partner attests to have checked: all of it, or it is no attestation."""

    checked = forms.MultipleChoiceField(
        label="What you checked",
        choices=Checked.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Confirm each of the points."},
    )
    attestation = forms.CharField(
        label="What we should know (optional)",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_checked(self) -> list[str]:
        """Every point."""
        checked = list(self.cleaned_data["checked"])
        if len(checked) < len(Checked):
            raise forms.ValidationError(
                "Confirm each of the points: a request needs your word on all of them."
            )
        return checked

    def attested(self) -> AttestationDetails:
        """The valid form as plain values."""
        return AttestationDetails(self.cleaned_data["checked"], self.cleaned_data["attestation"].strip())


class VerdictForm(forms.Form):
    """A reviewer's decision: reasons, words for the customer, a note for the desk."""

    reasons = forms.MultipleChoiceField(
        label="Reasons",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reason: the customer reads it."},
    )
    text = forms.CharField(
        label="To the customer (optional)",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    private_note = forms.CharField(
        label="Private note (optional)",
        help_text="Only the desk reads it.",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, verb: Verb, codes: Iterable[ReasonCode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [code for code in codes if verb in code.verbs]
        reasons = self.fields["reasons"]
        assert isinstance(reasons, forms.MultipleChoiceField)  # noqa: S101  # declared above
        reasons.choices = [(code.code, code.title) for code in self.codes]


def _domain(text: str) -> str:
    name = text.lower().strip(".").removeprefix("@")
    try:
        ascii_name = name.encode("idna").decode()
    except UnicodeError:
        ascii_name = ""
    if not DOMAIN.match(ascii_name) or len(ascii_name) > 253:
        raise forms.ValidationError(f"{text[:60]} is no domain name; write it like mail.example.com.")
    return ascii_name


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise forms.ValidationError(
            f"{text[:60]} is no IP address; write it like 192.0.2.25 or 2001:db8::25."
        ) from None
