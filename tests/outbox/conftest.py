"""What the outbox's tests share: handlers that do as told, and a real SMTP server on loopback."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from outbox.models import Message
from outbox.put import NewMessage, put
from outbox.relay import deliver_next
from tests.outbox import handlers


class Postbox:
    """An SMTP server's handler: ``answers`` are given to RCPT in turn, then mail is taken and kept."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.rcpt_answers: list[str] = []
        self.data_answers: list[str] = []
        self.has_mail = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        self.has_mail.set()
        while not self.may_answer.is_set():
            await server.loop.run_in_executor(None, self.may_answer.wait, 0.05)
        return "250 OK"


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    """Mail goes to this server by SMTP."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield box
    box.may_answer.set()
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def told(settings: Settings) -> list[str]:
    """Topic ``tell`` appends its payload's ``word`` to this list, and fails where ``fails`` says so."""
    settings.OUTBOX_HANDLERS = {**settings.OUTBOX_HANDLERS, "tell": "tests.outbox.handlers.tell"}
    handlers.told.clear()
    handlers.failing.clear()
    return handlers.told


@pytest.fixture
def put_word() -> Callable[..., Message]:
    """Put one message of topic ``tell``; the word is its key."""

    def put_one(word: str, thread: str = "", topic: str = "tell", **payload: Any) -> Message:
        put([NewMessage(topic, word, thread or word, {"word": word, **payload})])
        return Message.objects.get(key=word)

    return put_one


def deliver_all() -> int:
    """Deliver until nothing is due; returns how many were tried."""
    tried = 0
    while deliver_next():
        tried += 1
    return tried


def wait_is_over() -> None:
    """What would have to wait is due now."""
    Message.objects.filter(sent_at=None).update(next_attempt_at=Now())
