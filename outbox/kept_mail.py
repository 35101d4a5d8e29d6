"""Demo mode's mail backend: keeps each mail for ``/dev/mail/`` and sends nothing."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from outbox.backend import html_of
from outbox.models import KeptMail


class KeptMailBackend(BaseEmailBackend):
    """Keeps what would be sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many."""
        kept = KeptMail.objects.bulk_create([_kept(mail) for mail in email_messages])
        return len(kept)


def _kept(mail: EmailMessage) -> KeptMail:
    return KeptMail(
        to=", ".join(mail.to),
        subject=str(mail.subject),
        headers={name: str(value) for name, value in mail.message().items()},
        text=str(mail.body),
        html=html_of(mail),
    )
