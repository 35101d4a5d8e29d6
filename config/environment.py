"""The environment, typed: every variable that the product reads, and what it refuses."""

import secrets
from contextlib import suppress
from email.utils import formataddr, parseaddr
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Self
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config import wellformed
from engines.places import Places

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
OF_PRODUCTION = frozenset(
    {"secret_key", "database_url", "redis_url", "base_url", "allowed_hosts", "email_url", "mail_from"}
)
"""Whoever sets one of these means no demo, unless ``DEMO`` says so."""

LISTS = ("allowed_hosts", "dns_resolvers", "http_allowed", "blocklists")
NO_SENDER = "unblock-desk@localhost"


class Environment(BaseSettings):
    """Values from environment variables of the same name in upper case; an empty one counts as unset."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    demo: bool | None = Field(None, description="1 or 0: demo mode, with demo logins, mail kept and shown.")
    secret_key: str | None = Field(
        None, description="Signs sessions and links; 50 random characters or more."
    )
    database_url: Annotated[str, AfterValidator(wellformed.database)] | None = Field(
        None, description="postgresql://user:password@host/name; PostgreSQL of its own where unset."
    )
    redis_url: Annotated[str, AfterValidator(wellformed.redis)] | None = Field(
        None, description="redis://host:6379/0, or Valkey; Valkey of its own where unset."
    )
    base_url: Annotated[str, AfterValidator(wellformed.desk_address)] = Field(
        "", description="https://desk.example.net: the address that people use, for links in mail."
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Host names served, by comma; that of BASE_URL if unset."
    )
    port: int = Field(8000, ge=1, le=65535, description="The port that `make run` serves on.")
    bind: Annotated[str, AfterValidator(wellformed.bind_address)] = Field(
        "127.0.0.1", description="The address that `make run` serves on."
    )
    dns_resolvers: Annotated[list[str], NoDecode, AfterValidator(wellformed.dns_servers)] = Field(
        default_factory=list, description="DNS servers for checks, host:port by comma; the system's if unset."
    )
    rdap_url: Annotated[str, AfterValidator(wellformed.service)] = Field(
        "https://rdap.org", description="The RDAP service that domains' ages are asked of."
    )
    blocklists: Annotated[list[str], NoDecode, AfterValidator(wellformed.blocklists)] = Field(
        default_factory=list,
        description="DNS blocklists for checks, by comma: zone=127.0.0.2:what it means|127.0.0.4:what that means.",
    )
    http_allowed: Annotated[list[str], NoDecode, AfterValidator(wellformed.services)] = Field(
        default_factory=list,
        description="Services that checks may reach at private addresses, host:port by comma.",
    )
    desk_name: str = Field("Unblock Desk", description="The desk's name, on pages and in mail.")
    email_url: Annotated[str, AfterValidator(wellformed.mail_server)] = Field(
        "", description="smtp://user:password@host:587?tls=1; kept in the demo."
    )
    mail_from: Annotated[str, AfterValidator(wellformed.sender)] = Field(
        NO_SENDER, description="The sender of every mail."
    )
    demo_password: str = Field("port25-demo", description="The password of the demo's logins.")
    trusted_proxies: int = Field(
        1, ge=0, description="How many proxies of yours stand in front; so far is X-Forwarded-For believed."
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR."
    )

    @classmethod
    def read(cls) -> Self:
        """The environment as it is. Raises ``ImproperlyConfigured`` naming each variable that will not do."""
        try:
            return cls()
        except ValidationError as error:
            raise ImproperlyConfigured("\n".join(map(_in_words, error.errors()))) from None

    @field_validator("*", mode="before")
    @classmethod
    def _is_on_one_line(cls, value: object) -> object:
        return wellformed.on_one_line(value) if isinstance(value, str) else value

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [v.strip() for v in value.split(",") if v.strip()] if isinstance(value, str) else value

    @property
    def is_demo(self) -> bool:
        """Demo mode: asked for, or nothing of a production set-up is there."""
        return self.demo if self.demo is not None else not OF_PRODUCTION & self.model_fields_set

    @model_validator(mode="after")
    def _refuse_an_insecure_start(self) -> Self:
        (self._check_demo if self.is_demo else self._check_production)()
        return self

    def _check_demo(self) -> None:
        faults = [words for words, is_well in self._needs_of_demo() if not is_well]
        if faults:
            raise ValueError("\n".join(faults))

    def _needs_of_demo(self) -> list[tuple[str, bool]]:
        """Its passwords are known to everybody: nobody beyond this machine may reach it, or get its mail."""
        beyond = ", ".join(host for host in self.hosts if host not in LOOPBACK)
        only = "demo mode serves this machine alone, not"
        mail_host = wellformed.host_of(urlsplit(self.email_url))
        return [
            (f"DEMO: {only} {beyond}; unset DEMO", not beyond),
            ("DEMO: demo mode makes its own SECRET_KEY; unset DEMO or SECRET_KEY", not self.secret_key),
            (
                f"BIND: {only} {self.bind}; unset BIND, or set up production",
                IPv4Address(self.bind).is_loopback,
            ),
            (
                "EMAIL_URL: demo mode keeps its mail, and sends none beyond this machine; unset EMAIL_URL",
                not mail_host or mail_host in LOOPBACK,
            ),
        ]

    def _check_production(self) -> None:
        faults = [words for words, is_well in self._needs_of_production() if not is_well]
        if faults:
            faults.append("DEMO: set DEMO=1 if you mean the demo")
            raise ValueError("\n".join(faults))

    def _needs_of_production(self) -> list[tuple[str, bool]]:
        own_host = wellformed.host_of(urlsplit(self.base_url))
        return [
            (
                f"SECRET_KEY: needs at least {wellformed.SHORTEST_SECRET} random characters; make some with:"
                ' python3 -c "import secrets; print(secrets.token_urlsafe(64))"',
                wellformed.is_strong(self.secret_key or ""),
            ),
            ("DATABASE_URL: needs the PostgreSQL server", bool(self.database_url)),
            ("REDIS_URL: needs the Redis or Valkey server", bool(self.redis_url)),
            ("BASE_URL: needs the https:// address of the desk", urlsplit(self.base_url).scheme == "https"),
            (
                "ALLOWED_HOSTS: needs each host by its full name, without port: not *, none that begins with a dot",
                all(map(wellformed.is_host, self.allowed_hosts)),
            ),
            (
                "ALLOWED_HOSTS: needs the host of BASE_URL among them, where links in mail lead to",
                not (own_host and self.allowed_hosts) or own_host in map(str.lower, self.allowed_hosts),
            ),
            ("EMAIL_URL: needs the mail server, or nobody is told anything", bool(self.email_url)),
            ("MAIL_FROM: needs the address that the desk's mail comes from", self.mail_from != NO_SENDER),
        ]

    @property
    def origin(self) -> str:
        """The address in links, without a closing slash."""
        return self.base_url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """The host names served."""
        if self.allowed_hosts:
            return self.allowed_hosts
        named = wellformed.host_of(urlsplit(self.base_url))
        return [named] if named else sorted(LOOPBACK)

    @property
    def sender(self) -> str:
        """Who mail comes from: ``MAIL_FROM``, under the desk's name unless it brings one."""
        name, address = parseaddr(self.mail_from)
        return formataddr((name or self.desk_name, address))

    @property
    def email_settings(self) -> dict[str, object]:
        """Django's ``EMAIL_*`` settings from ``EMAIL_URL``; ``?tls=1`` or ``?ssl=1`` encrypt."""
        url = urlsplit(self.email_url)
        options = parse_qs(url.query)
        return {
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": url.port or 25,
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": options.get("tls") == ["1"],
            "EMAIL_USE_SSL": options.get("ssl") == ["1"],
        }

    @cached_property
    def signing_key(self) -> str:
        """``SECRET_KEY``; in demo mode one that is made once and kept beside the data."""
        return self.secret_key or _kept_secret(Places.from_environment().secret_key)


def _in_words(fault: ErrorDetails) -> str:
    """``PORT: …``; what our own checks say names the variable already."""
    words = fault["msg"].removeprefix("Value error, ")
    return ": ".join([*(str(part).upper() for part in fault["loc"]), words])


def _kept_secret(path: Path) -> str:
    """Written beside its place and linked there whole: of several first processes, one makes it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent) as made:  # for its owner's eyes alone
            made.write(secrets.token_urlsafe(64))
            made.flush()
            with suppress(FileExistsError):
                path.hardlink_to(made.name)
    return path.read_text()
