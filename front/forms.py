"""Forms of the public pages."""

from django import forms

SAFE = r"^[A-Za-z0-9._@+=-]+$"
HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$"


class RelayForm(forms.Form):
    """A visitor's own relay, to be written into the examples: characters that are safe in each of them."""

    host = forms.RegexField(
        HOST,
        label="Relay's host name",
        required=False,
        error_messages={"invalid": "Write a host name like smtp.sendgrid.net."},
    )
    user = forms.RegexField(
        SAFE,
        label="User name at the relay",
        required=False,
        max_length=100,
        error_messages={
            "invalid": "Use letters, digits and . _ @ + = - only; write others into the copy yourself."
        },
    )
    sender = forms.RegexField(
        r"^[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+$",
        label="Sender's address",
        required=False,
        max_length=200,
        error_messages={"invalid": "Write an address like alerts@example.com."},
    )
