"""What people type, checked field by field before an action sees it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from cases.details import (
    NEEDED,
    SHORTEST_REASON,
    SHORTEST_WHY_DECLINED,
    TAKE_ALL,
    TELL_THE_CUSTOMER,
    AttestationDetails,
    Checked,
    DeclineDetails,
    MailKind,
    RequestDetails,
)
from cases.fields import Line, Lines, TextBox, Volume
from cases.models import ReasonCode, Verb
from cases.values import (
    LONGEST_MAILBOX,
    LONGEST_TEXT,
    MOST_LISTED,
    address_of,
    domain_of,
    mailbox_of,
    selector_of,
)

MOST_LOOKED_AT = 10


class RequestForm(forms.Form):
    """A reviewable request, in the notice's classification.

    ``inventory`` are the addresses that the subscription holds: they are offered to be ticked.
    """

    why_direct = forms.CharField(
        label="Why does this deployment have to send directly, and not through an authenticated relay?",
        help_text=f"What did you try on 587 or 443, and what limit did you meet? At least {SHORTEST_REASON} characters.",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 6}),
        error_messages={
            "required": NEEDED["why_direct"],
            "min_length": "Write at least %(limit_value)s characters; these are %(show_value)s.",
            "max_length": f"Say why directly in at most {LONGEST_TEXT} characters; these are %(show_value)s.",
        },
    )
    mail_kind = forms.ChoiceField(
        label="What kind of mail is it?",
        choices=MailKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NEEDED["mail_kind"]},
    )
    daily_volume = Volume(
        label="How many messages on a busy day?",
        error_messages={"required": NEEDED["daily_volume"]},
    )
    sending_domains = Lines(
        label="Which domains do you send from?",
        help_text=f"What stands behind the @ in the sender, one a line, at most {MOST_LISTED}.",
        value_of=domain_of,
        error_messages={"required": NEEDED["sending_domains"]},
    )
    held_addresses = forms.MultipleChoiceField(
        label="From which addresses of this subscription?",
        help_text="These are the addresses that it holds now. Tick none if you do not know yet.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "%(value)s is not held by this subscription; type it below."},
    )
    sending_addresses = Lines(
        label="From which addresses of this subscription?",
        help_text="IPv4 or IPv6, one a line. Leave it empty if you do not know yet.",
        value_of=address_of,
        required=False,
    )
    dkim_selector = Line(
        label="With which DKIM selector is it signed?",
        help_text="What stands before ._domainkey. Leave it empty if you do not know yet.",
        value_of=selector_of,
        required=False,
    )
    helo_name = Line(
        label="Which name does your mail server greet with (HELO)?",
        help_text="A full name like mail.example.com. Leave it empty if you do not know yet.",
        value_of=domain_of,
        required=False,
    )
    abuse_contact = Line(
        label="Which mailbox do people read for abuse reports?",
        help_text="We write there when somebody complains about mail from this subscription.",
        value_of=mailbox_of,
        max_length=LONGEST_MAILBOX,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": NEEDED["abuse_contact"]},
    )
    terms = forms.BooleanField(
        label="We send only mail that its readers asked for, and act on abuse reports within one working day. "
        "We know that an exemption can be revoked.",
        error_messages={"required": NEEDED["terms"]},
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, inventory: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid4().hex
        self._offer([*inventory])

    def _offer(self, inventory: list[str]) -> None:
        if not inventory:
            del self.fields["held_addresses"]
            return
        held = self.fields["held_addresses"]
        assert isinstance(held, forms.MultipleChoiceField)  # noqa: S101  # declared above
        held.choices = [(address, address) for address in inventory]
        self.fields["sending_addresses"].label = "Other addresses"

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Take in what an action found wrong, each beside its field."""
        for name, reason in errors.items():
            self.add_error(name if name in self.fields else None, reason)

    def details(self) -> RequestDetails:
        """The valid form as plain values."""
        return details_of(self.cleaned_data)

    @classmethod
    def read(cls, data: QueryDict) -> dict[str, Any] | None:
        """What a complete form says, cleaned, without a form to show: a third of its time. ``None`` where an answer is refused.

        The addresses that were ticked are taken as those that were typed: whether the subscription
        holds one, the reviewer is told.
        """
        answers: dict[str, Any] = {"held_addresses": data.getlist("held_addresses")}
        fields = {name: field for name, field in cls.base_fields.items() if name not in answers}
        with suppress(forms.ValidationError):
            for name, field in fields.items():
                answers[name] = field.clean(field.widget.value_from_datadict(data, {}, name))
            return answers
        return None


def details_of(answers: Mapping[str, Any]) -> RequestDetails:
    """The cleaned answers of a ``RequestForm`` as plain values."""
    addresses = [*answers.get("held_addresses", []), *answers["sending_addresses"]]
    return RequestDetails(
        why_direct=answers["why_direct"],
        mail_kind=answers["mail_kind"],
        daily_volume=answers["daily_volume"],
        sending_domains=answers["sending_domains"],
        sending_addresses=list(dict.fromkeys(addresses)),
        abuse_contact=answers["abuse_contact"],
        dkim_selector=answers["dkim_selector"],
        helo_name=answers["helo_name"],
        is_terms_accepted=answers["terms"],
    )


class ReadinessForm(forms.Form):
    """Whose records shall be looked at."""

    domain = Line(
        label="Which domain do you send from?",
        value_of=domain_of,
        error_messages={"required": "Name the domain that you send from."},
    )
    addresses = Lines(
        label="From which addresses?",
        help_text=f"IPv4 or IPv6, one a line, at most {MOST_LOOKED_AT}.",
        value_of=address_of,
        required=False,
    )
    selector = Line(label="DKIM selector", value_of=selector_of, required=False)
    helo = Line(label="HELO name", value_of=domain_of, required=False)

    def clean_addresses(self) -> list[str]:
        """Few enough to be looked at while somebody waits."""
        addresses: list[str] = self.cleaned_data["addresses"]
        if len(addresses) > MOST_LOOKED_AT:
            raise forms.ValidationError(f"Give at most {MOST_LOOKED_AT}; these are {len(addresses)}.")
        return addresses


class ListForm(forms.Form):
    """What a list is asked for: words to look for, and the row to page on from."""

    q = forms.CharField(required=False, max_length=200)
    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)

    def asked(self) -> dict[str, Any]:
        """By field; ``None`` or empty for what was not given, or is nonsense."""
        self.full_clean()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class RecordForm(forms.Form):
    """Where the policy says never or not yet: have it on record, or say that the data is wrong.

    Where it is on record, only the second is left to do.
    """

    data_claim = forms.CharField(
        label="Is something wrong about the data?",
        help_text="Say what is wrong and what is right. A person looks at it.",
        max_length=LONGEST_TEXT,
        error_messages={"required": "Say what is wrong. The rejection itself is on record already."},
        widget=TextBox(attrs={"rows": 4}),
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, is_on_record: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data_claim"].required = is_on_record
        self.fields["idempotency_key"].initial = uuid4().hex

    def details(self) -> RequestDetails:
        """The valid form as plain values."""
        return RequestDetails(data_claim=self.cleaned_data["data_claim"].strip())


class TextForm(forms.Form):
    """One text: a message, an answer, a question, a reason."""

    text = forms.CharField(
        label="Your message",
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 4}),
        error_messages={"required": "Write something first."},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class MessageForm(TextForm):
    """A message, with a key of its own: sent twice, it is one."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid4().hex


class DeclineForm(forms.Form):
    """Why a partner does not pass a request on, and what would change that."""

    text = forms.CharField(
        label="Why you decline",
        help_text="Say what stands in the way, and what they can do instead, such as a relay that you offer.",
        min_length=SHORTEST_WHY_DECLINED,
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 4}),
        error_messages=dict.fromkeys(("required", "min_length"), TELL_THE_CUSTOMER["text"]),
    )
    would_change = forms.CharField(
        label="What would change it",
        help_text="With what could they ask again? If nothing would change your mind, say so.",
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 3}),
        error_messages={"required": TELL_THE_CUSTOMER["would_change"]},
    )

    def __init__(self, *args: Any, customer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = f"Why you decline: {customer} reads this"

    def details(self) -> DeclineDetails:
        """The valid form as plain values."""
        return DeclineDetails(**self.cleaned_data)


class AttestationForm(forms.Form):
    """What a partner attests to have checked: all of it, or it is no attestation."""

    checked = forms.MultipleChoiceField(
        label="What you checked",
        help_text="Confirm each point: the review team relies on it, and the case keeps who gave it.",
        choices=Checked.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": TAKE_ALL},
    )
    attestation = forms.CharField(
        label="What should we know beside that?",
        help_text="How long you have known them, what you looked at. The review team reads it.",
        required=False,
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 3}),
    )

    def clean_checked(self) -> list[str]:
        """Every point."""
        checked = list(self.cleaned_data["checked"])
        if len(checked) < len(Checked):
            raise forms.ValidationError(TAKE_ALL)
        return checked

    def attested(self) -> AttestationDetails:
        """The valid form as plain values."""
        return AttestationDetails(self.cleaned_data["checked"], self.cleaned_data["attestation"].strip())


class OnBehalfForm(AttestationForm, RequestForm):
    """A partner's request for its customer, with what the partner checked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sending_domains"].label = "Which domains do they send from?"
        self.fields["terms"].label = (
            "They send only mail that its readers asked for, and act on abuse reports within one working "
            "day. They know that an exemption can be revoked."
        )


class VerdictForm(forms.Form):
    """A reviewer's decision: reasons, words for the customer, a note for the desk."""

    reasons = forms.MultipleChoiceField(
        label="Reasons",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reason: the customer reads it."},
    )
    text = forms.CharField(
        label="To the customer",
        required=False,
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 3}),
    )
    private_note = forms.CharField(
        label="Private note, only for the desk",
        required=False,
        max_length=LONGEST_TEXT,
        widget=TextBox(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, verb: Verb, codes: Iterable[ReasonCode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [code for code in codes if verb in code.verbs]
        reasons = self.fields["reasons"]
        assert isinstance(reasons, forms.MultipleChoiceField)  # noqa: S101  # declared above
        reasons.choices = [(code.code, code.title) for code in self.codes]
