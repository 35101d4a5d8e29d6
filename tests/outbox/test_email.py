"""Mail by SMTP, to a real server: what it takes, what it refuses, and what becomes of it when a relay dies."""

import os
import signal
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from django.conf import settings as live
from django.core.mail import get_connection, mail_admins, send_mail
from django.db import connection
from pytest_django.fixtures import Settings

from outbox.email import email
from outbox.models import Message
from outbox.put import put
from outbox.tasks import deliver_due
from tests.outbox.conftest import Postbox, deliver_all, wait_is_over

HEADERS = {"Message-ID": "<ub-1.7@desk.example>", "Auto-Submitted": "auto-generated"}


def put_mail(key: str = "k", *, to: str = "ann@example.com", subject: str = "Grüße") -> None:
    put(
        [
            email(
                key=key,
                thread="t",
                to=to,
                subject=subject,
                text="Plain: 25 → 587",
                html="<p>Marked up</p>",
                headers=HEADERS,
            )
        ]
    )


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.django_db
def test_a_mail_arrives_once_in_both_versions(postbox: Postbox) -> None:
    put_mail()
    assert deliver_all() == 1
    assert deliver_all() == 0
    (raw,) = postbox.taken
    mail = read(raw)
    assert mail["Subject"] == "Grüße"
    assert mail["To"] == "ann@example.com"
    assert mail["From"] == "Unblock Desk <unblock-desk@localhost>"
    assert {name: mail[name] for name in HEADERS} == HEADERS
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Plain: 25 → 587"
    assert "Marked up" in html.get_content()


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["rcpt_answers", "data_answers"])
@pytest.mark.parametrize(("answer", "is_parked"), [("451 4.3.0 later", False), ("550 5.1.1 no such", True)])
def test_a_temporary_no_is_tried_again_and_a_permanent_one_is_parked(
    postbox: Postbox, stage: str, answer: str, is_parked: bool
) -> None:
    setattr(postbox, stage, [answer])
    put_mail()
    deliver_all()
    message = Message.objects.get()
    assert (message.parked_at is not None) == is_parked
    assert answer.partition(" ")[2] in message.last_error
    wait_is_over()
    deliver_all()
    assert len(postbox.taken) == (0 if is_parked else 1)


@pytest.mark.django_db
def test_a_server_that_is_away_loses_nothing(postbox: Postbox, settings: Settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    put_mail()
    deliver_all()
    assert "ConnectionRefusedError" in Message.objects.get().last_error
    settings.EMAIL_PORT = port
    wait_is_over()
    deliver_all()
    assert len(postbox.taken) == 1
    assert Message.objects.get().last_error == ""


@pytest.mark.django_db
def test_a_line_break_in_a_header_is_no_mail(postbox: Postbox) -> None:
    put_mail(subject="Hello\nBcc: everybody@example.com")
    deliver_all()
    message = Message.objects.get()
    assert message.parked_at is not None
    assert "No mail can be made of this" in message.last_error
    assert postbox.taken == []


@pytest.mark.django_db
def test_a_farewell_that_fails_sends_nothing_twice(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_answer(self: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("smtplib.SMTP.quit", no_answer)
    put_mail()
    deliver_all()
    assert Message.objects.get().sent_at is not None
    assert len(postbox.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_relay_killed_in_the_middle_is_followed_by_another(postbox: Postbox) -> None:
    postbox.may_answer.clear()
    put_mail()
    relay = subprocess.Popen([sys.executable, "-c", RELAY], env=environment_of_a_relay())
    assert postbox.has_mail.wait(60), "the mail is with the server, and the server does not answer"
    assert Message.objects.get().sent_at is None
    relay.send_signal(signal.SIGKILL)
    relay.wait(20)
    postbox.may_answer.set()
    assert deliver_due() == 0, "the dead relay's lease holds for a while"
    wait_is_over()
    assert deliver_due() == 1
    assert Message.objects.get().attempts == 2
    assert {read(raw)["Message-ID"] for raw in postbox.taken} == {HEADERS["Message-ID"]}


RELAY = "import django; django.setup(); from outbox.tasks import deliver_due; deliver_due()"


def environment_of_a_relay() -> dict[str, str]:
    """A process of its own on this test's database and mail server."""
    database = connection.settings_dict
    host = quote(str(database["HOST"]), safe="")
    login = f"{database['USER']}:{quote(database['PASSWORD'])}" if database["PASSWORD"] else database["USER"]
    port = f":{database['PORT']}" if database["PORT"] else ""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{login}@{host}{port}/{database['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{live.EMAIL_PORT}",
        "DEMO": "1",
    }


@pytest.mark.django_db
def test_what_django_sends_goes_through_the_outbox(postbox: Postbox, settings: Settings) -> None:
    """Also what allauth sends: a mail server that is away breaks no page."""
    backend = get_connection("outbox.backend.ThroughOutbox")
    send_mail(
        "Choose a new password", "Here", None, ["ann@example.com", "bob@example.com"], connection=backend
    )
    assert postbox.taken == []
    assert deliver_all() == 2
    mails = [read(raw) for raw in postbox.taken]
    assert [mail["To"] for mail in mails] == ["ann@example.com", "bob@example.com"]
    assert {mail["Auto-Submitted"] for mail in mails} == {"auto-generated"}
    assert not mails[0].is_multipart()
    settings.ADMINS = [("Opal", "opal@example.com")]
    mail_admins("Broken", "It is", html_message="<b>It is</b>", connection=backend)
    deliver_all()
    assert read(postbox.taken[-1]).is_multipart()
