"""Demo mode's mail backend: keeps each mail for ``/dev/mail/`` and sends nothing."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from outbox.models import KeptMail


class KeptMailBackend(BaseEmailBackend):
    """Keeps what would be sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many."""
        kept = KeptMail.objects.bulk_create([_kept(mail) for mail in email_messages])
        return len(kept)


def _kept(mail: EmailMessage) -> KeptMail:
    alternatives = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    html = next((str(content) for content, kind in alternatives if kind == "text/html"), "")
    return KeptMail(
        to=", ".join(mail.to),
        subject=str(mail.subject),
        headers=dict(mail.extra_headers),
        text=str(mail.body),
        html=html,
    )
