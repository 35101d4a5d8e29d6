"""A browser as the server sees one: a connection that is kept, cookies, and the token of a form.

It is made of the standard library alone, since it shares the machine with what it measures.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.http_cast import PASSWORD

HOST = "desk.example"
KEPT_FOR = 1.0  # seconds without a request; gunicorn waits for two
SIGN_IN = "/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
AS_BEHIND_A_PROXY = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, with the fields of a form where it is a post; ``status`` is what must come back."""

    path: str
    fields: Mapping[str, str] | None = None
    status: int = 200


@dataclass(slots=True)
class Browser:
    """One reader on one port; may be handed to another process, where it connects anew."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: HTTPConnection | None = None
    _used_at: float = 0.0

    def sign_in(self, email: str) -> "Browser":
        """Sign in by the form, and keep its token as a page that stays open does."""
        self.send(Request(SIGN_IN))
        self.send(Request(SIGN_IN, {"login": email, "password": PASSWORD}, 302))
        self.send(Request("/policy/"))
        self.token = self.cookies["csrftoken"]
        return self

    def send(self, request: Request) -> str:
        """Send it and read the whole answer. Raises ``RuntimeError`` where its status is another."""
        if request.fields is not None:
            self.cookies.pop("messages", None)  # as if the page that shows them had been read
        body, headers = None, {**AS_BEHIND_A_PROXY, "Cookie": self._cookie()}
        if request.fields is not None:
            body = urlencode({**request.fields, "csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self._connected()
        connection.request("GET" if body is None else "POST", request.path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        self._keep(response.msg.get_all("Set-Cookie", ()))
        if response.status != request.status:
            raise RuntimeError(
                f"{request.path} answered {response.status}, not {request.status}: {text[:2000]}"
            )
        if found := TOKEN.search(text):
            self.token = found[1]
        return text

    def close(self) -> None:
        """End the connection; the cookies stay."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> HTTPConnection:
        """The connection of the request before, unless the server has ended it meanwhile."""
        now = time.monotonic()
        if now - self._used_at > KEPT_FOR:
            self.close()
        self._used_at = now
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self._connection

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, headers: "list[str] | tuple[()]") -> None:
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
