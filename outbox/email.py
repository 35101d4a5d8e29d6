"""The e-mail channel: one message to one address, over Django's mail backend."""

from typing import Any

from django.core.mail import EmailMultiAlternatives

from outbox.put import NewMessage

TOPIC = "email"


def email(
    *, key: str, thread: str, to: str, subject: str, text: str, html: str, headers: dict[str, str]
) -> NewMessage:
    """The outbox message that ``deliver`` sends; what it says is fixed from here on."""
    payload = {"to": to, "subject": subject, "text": text, "html": html, "headers": headers}
    return NewMessage(topic=TOPIC, key=key, thread=thread, payload=payload)


def deliver(payload: dict[str, Any]) -> list[NewMessage]:
    """Hand one mail to the mail server. Raises ``SMTPException`` or ``OSError``."""
    mail = EmailMultiAlternatives(
        subject=payload["subject"], body=payload["text"], to=[payload["to"]], headers=payload["headers"]
    )
    mail.attach_alternative(payload["html"], "text/html")
    mail.send()
    return []
