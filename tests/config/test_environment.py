"""The environment: what production refuses to start with, and that each refusal names its variable."""

from collections.abc import Mapping

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment

SECRET = "x1!aB".join("0123456789abc")
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too-short"),
        ("SECRET_KEY", "a" * 60),
        ("BASE_URL", "http://desk.example"),
        ("EMAIL_URL", "imap://mail.example"),
        ("EMAIL_URL", "smtp://"),
        ("PORT", "none"),
        ("PORT", "70000"),
        ("LOG_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        read(monkeypatch, PRODUCTION | {name: value})


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


def test_the_demo_runs_on_servers_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = {name: PRODUCTION[name] for name in ("DATABASE_URL", "REDIS_URL")}
    assert read(monkeypatch, {**servers, "DEMO": "1"}).is_demo
