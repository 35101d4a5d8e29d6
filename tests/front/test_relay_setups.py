"""The set-ups work: the Python ones are run against a real relay on loopback."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from front.relay_setups import PLACEHOLDERS, Setup, filled, setups

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
PASSWORD = "correct horse"
TLS_KINDS = ("starttls", "from the first byte")


class Relay:
    """Takes mail from whoever signs in over TLS, and keeps it."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:  # aiosmtpd's name
        """Called by aiosmtpd once a message is in."""
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        return "250 OK"


def _is_known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    known = (PLACEHOLDERS["user"].encode(), PASSWORD.encode())
    is_known = isinstance(data, LoginPassword) and (data.login, data.password) == known
    return AuthResult(success=is_known, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl, to make a certificate")
    folder = tmp_path_factory.mktemp("relay")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    wanted = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*made, *wanted], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(params=TLS_KINDS)
def relay(request: pytest.FixtureRequest, certificate: tuple[Path, Path]) -> Iterator[tuple[str, int, Relay]]:
    """A relay that speaks TLS as the parameter says: its kind, port, and what it received."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    received, is_starttls = Relay(), request.param == "starttls"
    tls = {"tls_context": context, "require_starttls": True} if is_starttls else {"ssl_context": context}
    controller = Controller(
        received,
        hostname="localhost",
        port=_free_port(),
        authenticator=_is_known,
        auth_required=True,
        auth_require_tls=is_starttls,
        **tls,
    )
    controller.start()
    yield request.param, controller.port, received
    controller.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        return int(taken.getsockname()[1])


def _script(kind: str, port: int) -> str:
    """The page's Python example for that kind of relay, with our port."""
    python = next(setup for setup in setups() if setup.slug == "python")
    on_587, on_443 = (step.text for step in filled(python, {"host": "localhost"}).steps[:2])
    if kind == "starttls":
        return on_587.replace("587", str(port))
    return on_587.split("with smtplib")[0] + on_443.replace("443", str(port))


def _run(script: str, certificate: Path | str, password: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SSL_CERT_FILE": str(certificate), "RELAY_PASSWORD": password}
    return subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_python_example_sends(relay: tuple[str, int, Relay], certificate: tuple[Path, Path]) -> None:
    kind, port, received = relay
    done = _run(_script(kind, port), certificate[0], PASSWORD)
    assert done.returncode == 0, done.stderr
    assert b"Sent through the relay." in received.received[0]


def test_the_python_example_sends_nothing_to_an_impostor(relay: tuple[str, int, Relay]) -> None:
    kind, port, received = relay
    done = _run(_script(kind, port), os.devnull, PASSWORD)
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert received.received == []


def test_a_wrong_password_is_told(relay: tuple[str, int, Relay], certificate: tuple[Path, Path]) -> None:
    kind, port, received = relay
    done = _run(_script(kind, port), certificate[0], "wrong")
    assert "SMTPAuthenticationError" in done.stderr
    assert received.received == []


@pytest.mark.parametrize("setup", setups(), ids=lambda setup: setup.slug)
def test_each_set_up_shows_both_ports(setup: Setup) -> None:
    texts = "\n".join(step.text for step in setup.steps)
    assert "587" in texts
    assert "443" in texts or "https://" in texts
    assert "relay.example.net" in texts
