"""The e-mail channel: one message to one address, over the mail backend of ``MAIL_BACKEND``."""

from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from outbox.put import NewMessage
from outbox.refused import Refused

TOPIC = "email"
PERMANENT = range(500, 600)
"""Reply codes after which the same mail is refused again (RFC 5321, section 4.2.1)."""


def email(
    *,
    key: str,
    thread: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    headers: dict[str, str],
) -> NewMessage:
    """The outbox message that ``deliver`` sends; what it says is fixed from here on."""
    payload = {"to": to, "subject": subject, "text": text, "html": html, "headers": headers}
    return NewMessage(topic=TOPIC, key=key, thread=thread, payload=payload)


def deliver(payload: dict[str, Any]) -> list[NewMessage]:
    """Hand one mail to the mail server.

    Raises ``Refused`` where the server will not have this mail or this address, ``SMTPException``
    or ``OSError`` where another try may succeed: also when it refuses our login or our sender,
    which concern every mail and are for an operator to mend.
    """
    mail = _built(payload)
    try:
        _send(mail)
    except SMTPRecipientsRefused as error:
        _refuse_if_permanent(*next(iter(error.recipients.values())), error)
    except SMTPDataError as error:
        _refuse_if_permanent(error.smtp_code, error.smtp_error, error)
    return []


def _built(payload: dict[str, Any]) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=payload["subject"], body=payload["text"], to=[payload["to"]], headers=payload["headers"]
    )
    if payload["html"]:
        mail.attach_alternative(payload["html"], "text/html")
    try:
        mail.message()
    except ValueError as error:  # a line break in a header, or an address that is none
        raise Refused(f"No mail can be made of this: {error}") from error
    return mail


def _send(mail: EmailMultiAlternatives) -> None:
    """Once the server has taken the mail it is sent: a farewell that fails changes nothing."""
    connection = get_connection(settings.MAIL_BACKEND)
    connection.open()
    try:
        connection.send_messages([mail])
    finally:
        with suppress(SMTPException, OSError):
            connection.close()


def _refuse_if_permanent(code: int, reply: bytes | str, error: SMTPException) -> None:
    if code not in PERMANENT:
        raise error
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    raise Refused(f"The mail server refused: {code} {said}") from error
