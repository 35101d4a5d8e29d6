"""What the readers send, by name: from who they are, the request's number, and the paths they were given."""

from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

from benchmarks.http_cast import ALONE, BARE, BY_FORM, free_subscription
from benchmarks.http_client import Request

WHY = "Receivers in our trade refuse mail from shared relays, and audits want the path to be ours."
ANSWERS = {
    "why_direct": WHY,
    "mail_kind": "transactional",
    "daily_volume": "4000",
    "sending_domains": "shop.example\nmail.shop.example",
    "sending_addresses": "203.0.113.7",
    "abuse_contact": "abuse@shop.example",
    "terms": "on",
    "step": "send",
}

Script = Callable[[int, int, Sequence[str]], Request]


def _submit(who: int, number: int, paths: Sequence[str]) -> Request:
    """The last step of asking: a subscription that was never asked for, and the form's own key."""
    path = f"/requests/subscription/{free_subscription(who, number)}/ask/"
    return Request(path, {**ANSWERS, "idempotency_key": uuid4().hex}, 302)


def _bare(who: int, number: int, paths: Sequence[str]) -> Request:
    return Request(f"/{BARE}", {"text": WHY}, 201)


def _bare_alone(who: int, number: int, paths: Sequence[str]) -> Request:
    return Request(ALONE, {"text": WHY}, 201)


def _bare_by_form(who: int, number: int, paths: Sequence[str]) -> Request:
    return Request(f"/{BY_FORM}", {"text": WHY}, 302)


def _read(who: int, number: int, paths: Sequence[str]) -> Request:
    return Request(paths[number % len(paths)])


def _write(who: int, number: int, paths: Sequence[str]) -> Request:
    """A message in a case."""
    return Request(f"{paths[number % len(paths)]}message/", {"message-text": WHY}, 302)


SCRIPTS: Mapping[str, Script] = {
    "submit": _submit,
    "bare": _bare,
    "bare alone": _bare_alone,
    "bare by form": _bare_by_form,
    "read": _read,
    "write": _write,
}
