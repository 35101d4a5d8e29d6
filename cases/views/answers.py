"""Check your answers: what a request will say, as it will be kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.details import MailKind
from cases.forms import RequestForm


@dataclass(frozen=True, slots=True)
class Answer:
    """One line; ``name`` is the field that a change of it leads to."""

    name: str
    label: str
    lines: list[str]
    is_mono: bool = False


def answers_of(form: RequestForm) -> Iterator[Answer]:
    """What a valid form answers."""
    details = form.details()
    addresses = [str(address) for address in details.sending_addresses]
    yield Answer("why_direct", "Why directly, and not through a relay", [details.why_direct])
    yield Answer("mail_kind", "Kind of mail", [MailKind(details.mail_kind).label])
    yield Answer("daily_volume", "On a busy day", [f"{details.daily_volume:,} messages"])
    yield Answer("sending_domains", "Sending domains", list(details.sending_domains), is_mono=True)
    first = "held_addresses_0" if "held_addresses" in form.fields else "sending_addresses"
    yield Answer(first, "Sending addresses", addresses or ["Not known yet"], is_mono=bool(addresses))
    selector, helo = details.dkim_selector, details.helo_name
    yield Answer("dkim_selector", "DKIM selector", [selector or "Not known yet"], is_mono=bool(selector))
    yield Answer("helo_name", "HELO name", [helo or "Not known yet"], is_mono=bool(helo))
    yield Answer("abuse_contact", "Abuse reports go to", [details.abuse_contact], is_mono=True)
    yield Answer("terms", "Terms", ["Accepted"])


def drafts_of(form: RequestForm, name: str) -> dict[str, str]:
    """Under which names a browser keeps what is typed into each field."""
    return {field: f"{name}/{field}" for field in form.fields}
