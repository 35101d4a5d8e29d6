"""Django's mail backend of this product: whatever is sent goes through the outbox.

So the mail of a page (a new password) neither holds the page up nor is lost while the mail
server is away.
"""

import uuid
from collections.abc import Iterator, Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from outbox.email import email
from outbox.put import NewMessage, put


class ThroughOutbox(BaseEmailBackend):
    """Puts each mail, once for each of its recipients."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put the mails; returns how many."""
        put([message for mail in email_messages for message in _messages(mail)])
        return len(email_messages)


def html_of(mail: EmailMessage) -> str:
    """The HTML version of a mail; empty where it has none."""
    alternatives = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")


def _messages(mail: EmailMessage) -> Iterator[NewMessage]:
    headers = {"Auto-Submitted": "auto-generated"} | dict(mail.extra_headers)
    for address in mail.recipients():
        key = f"mail/{uuid.uuid4()}"
        yield email(
            key=key,
            thread=key,
            to=address,
            subject=str(mail.subject),
            text=str(mail.body),
            html=html_of(mail),
            headers=headers,
        )
