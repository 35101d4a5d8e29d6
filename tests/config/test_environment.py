"""The environment: what production refuses to start with, and that each refusal names its variable."""

from collections.abc import Mapping

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment

SECRET = "x1!aB".join("0123456789abc")
EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing is bound to it here
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://desk@db.example/desk",
    "REDIS_URL": "redis://redis.example/0",
    "BASE_URL": "https://desk.example",
    "EMAIL_URL": "smtp://desk:p%40ss@mail.example:587?tls=1",
    "MAIL_FROM": "desk@desk.example",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> Environment:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Environment.read()


def test_with_nothing_set_it_is_the_demo_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(monkeypatch, {})
    assert environment.is_demo
    assert environment.origin == "http://127.0.0.1:8000"
    assert set(environment.hosts) == {"127.0.0.1", "localhost", "[::1]"}


def test_a_production_set_up_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read(monkeypatch, PRODUCTION)
    assert not environment.is_demo
    assert environment.hosts == ["desk.example"]
    assert environment.signing_key == SECRET
    assert environment.email_settings == {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "desk",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("value", [None, ""])
def test_production_does_not_start_without(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {key: kept for key, kept in PRODUCTION.items() if key != name}
    variables |= {} if value is None else {name: value}
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: needs"):
        read(monkeypatch, variables)


REFUSED = {
    "SECRET_KEY": (
        "needs at least 50 random characters; make some with: python3 -c",
        [
            "too-short",
            "a" * 60,
            "abcde" * 11,
            "0123456789" * 6,
            "abcdefghijklmnopqrst" * 4,
            "ab12" * 15 + "Zz9_x",
        ],
    ),
    "DATABASE_URL": (
        "needs the form postgresql://user:password@host/name",
        ["sqlite:///x", "mysql://h/d", "postgresql://", "postgresql://h", "postgresql://h:abc/d", "nonsense"],
    ),
    "REDIS_URL": (
        "needs the form redis://host:6379/0",
        ["nonsense", "http://h", "redis://", "redis://h:abc/0", "redis://h/desk", "unix://", "redis://["],
    ),
    "BASE_URL": (
        "needs the form https://desk.example.net, without user, path or anything behind it",
        [
            *("https://ann:secret@desk.example", "https://desk.example/desk", "https://desk.example?a=1"),
            *("https://desk.example#a", "desk.example", "https://", "https://desk.example:abc", "ftp://h"),
            *("https://desk .example", "https://*"),
        ],
    ),
    "ALLOWED_HOSTS": (
        "needs each host by its full name",
        [
            "*",
            ".net",
            "desk.example,.desk.example",
            "desk.example,*",
            "desk.example:443",
            "https://desk.example",
        ],
    ),
    "EMAIL_URL": (
        "needs the form smtp://user:password@host:587?tls=1",
        [
            "imap://h",
            "smtp://",
            "smtp://h:abc",
            "smtp://h:99999",
            "smtp://[",
            "smtp://u:p#w@h",
            "smtp://h/path",
        ],
    ),
    "MAIL_FROM": (
        "needs an address, like desk@example.net",
        ["bad", "The Desk", "desk@", "@desk.example", "Desk <bad>", "a b@desk.example"],
    ),
    "RDAP_URL": (
        "needs the form https://rdap.example.net",
        ["nonsense", "ftp://h", "https://", "https://h?a=1"],
    ),
    "HTTP_ALLOWED": ("needs host and port of each", ["rdap.example", "rdap.example:", ":443", "h:https"]),
    "BLOCKLISTS": (
        "'zone' is not of the form zone=127.0.0.2:what it means",
        ["zone", "bl.example=127.0.0.2:spam,zone"],
    ),
    "DNS_RESOLVERS": (
        "is no DNS server; write address and port, like 192.0.2.53:53",
        ["127.0.0.1", "evil.example:53", "192.0.2.53:53,192.0.2.54", "192.0.2.53:dns", "192.0.2.53:0"],
    ),
    "BIND": ("needs an IPv4 address of this machine, like 127.0.0.1", ["desk.example", "::1", "127.1", "*"]),
    "DESK_NAME": (
        "has a line break or another control character",
        ["Desk\nBcc: all@example", "Desk\r", "D\x1b[1m"],
    ),
    "DEMO_PASSWORD": ("has a line break or another control character", ["open\nsesame"]),
    "PORT": ("Input should be", ["none", "70000"]),
    "LOG_LEVEL": ("String should match", ["LOUD"]),
    "TRUSTED_PROXIES": ("Input should be", ["-1"]),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in REFUSED for value in REFUSED[name][1]])
def test_a_value_that_cannot_work_is_refused_in_words(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, PRODUCTION | {name: value})
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert REFUSED[name][0] in said


@pytest.mark.parametrize(
    "value", ["smtp://h?tsl=1", "smtp://h?tls=yes", "smtp://h?tls=1&ssl=1", "smtp://h?tls"]
)
def test_mail_does_not_go_in_the_clear_by_a_misspelling(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=r"^EMAIL_URL: needs nothing, \?tls=1 \(STARTTLS\) or \?ssl=1"
    ):
        read(monkeypatch, PRODUCTION | {"EMAIL_URL": value})


def test_a_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "s3cr3t-pass"
    wrong = {
        "DATABASE_URL": f"sqlite://u:{secret}@h/d",
        "REDIS_URL": f"http://u:{secret}@h",
        "BASE_URL": f"https://u:{secret}@desk.example",
        "EMAIL_URL": f"imap://u:{secret}@h",
        "SECRET_KEY": secret,
    }
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, PRODUCTION | wrong)
    assert secret not in str(refused.value)


def test_links_lead_to_a_host_that_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^ALLOWED_HOSTS: needs the host of BASE_URL"):
        read(monkeypatch, PRODUCTION | {"ALLOWED_HOSTS": "other.example"})
    both = read(monkeypatch, PRODUCTION | {"ALLOWED_HOSTS": "other.example, Desk.example"})
    assert both.hosts == ["other.example", "Desk.example"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "0f" + "3a9c51e7d2b84f60" * 2 + "c7e18d93a5204b6f"),
        ("DATABASE_URL", "postgres://desk:p%40ss@[2001:db8::1]:5433/desk?sslmode=require"),
        ("DATABASE_URL", "postgresql://desk@%2Frun%2Fpostgresql/desk"),
        ("REDIS_URL", "rediss://:secret@redis.example:6380/3"),
        ("REDIS_URL", "unix:///run/valkey/valkey.sock?db=1"),
        ("BASE_URL", "https://desk.example:8443/"),
        ("EMAIL_URL", "smtp://mail.example:465?ssl=1"),
        ("MAIL_FROM", "The Desk <desk@desk.example>"),
        ("RDAP_URL", "http://127.0.0.1:8053/rdap/"),
        ("BLOCKLISTS", "bl.example=127.0.0.2:spam|127.0.0.4:taken over,other.example=127.0.0.3:reported"),
        ("DNS_RESOLVERS", "192.0.2.53:53, [2001:db8::53]:53"),
        ("HTTP_ALLOWED", "127.0.0.1:8053"),
        ("BIND", EVERYWHERE),
    ],
)
def test_what_works_is_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch, PRODUCTION | {name: value}).is_demo


def test_everything_that_is_missing_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(monkeypatch, {"DATABASE_URL": PRODUCTION["DATABASE_URL"]})
    named = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert named == [*(name for name in PRODUCTION if name != "DATABASE_URL"), "DEMO"]


@pytest.mark.parametrize(
    "variables",
    [
        PRODUCTION,
        {"SECRET_KEY": SECRET},
        {"BASE_URL": "https://desk.example"},
        {"ALLOWED_HOSTS": "127.0.0.1, desk.example"},
        {"ALLOWED_HOSTS": "*"},
    ],
    ids=["all of it", "a secret", "an address", "a host", "every host"],
)
def test_demo_mode_cannot_be_on_in_production(
    variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DEMO: demo mode"):
        read(monkeypatch, {**variables, "DEMO": "1"})


@pytest.mark.parametrize("name", [*PRODUCTION, "ALLOWED_HOSTS"])
def test_half_a_set_up_is_no_demo(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = (PRODUCTION | {"ALLOWED_HOSTS": "desk.example"})[name]
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, {name: value})
    named = [line.partition(":")[0] for line in str(refused.value).splitlines()]
    assert named == [*(each for each in PRODUCTION if each != name), "DEMO"]


@pytest.mark.parametrize(
    "variables",
    [
        {"BIND": EVERYWHERE},
        {"BIND": EVERYWHERE, "DEMO": "1"},
        {"BIND": "192.0.2.7", "DEMO": "1"},
        {"EMAIL_URL": "smtp://mail.example:587?tls=1", "DEMO": "1"},
    ],
)
def test_the_demo_is_this_machines_alone(
    variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{next(iter(variables))}: demo mode"):
        read(monkeypatch, variables)


def test_the_demo_may_send_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, {"DEMO": "1", "EMAIL_URL": "smtp://[::1]:1025", "BIND": "127.0.0.2"}).is_demo


def test_the_demo_runs_on_servers_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = {name: PRODUCTION[name] for name in ("DATABASE_URL", "REDIS_URL")}
    assert read(monkeypatch, {**servers, "DEMO": "1"}).is_demo
