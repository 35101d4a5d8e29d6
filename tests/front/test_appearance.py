"""The theme: chosen without a script, kept in a cookie."""

import pytest
from django.test import Client


def test_a_choice_is_kept_and_shown(client: Client) -> None:
    response = client.get("/appearance/", {"theme": "dark", "next": "/policy/"})
    assert response.headers["Location"] == "/policy/"
    assert b'data-theme="dark"' in client.get("/policy/").content


def test_the_systems_theme_is_the_default_and_can_be_had_back(client: Client) -> None:
    assert b"data-theme" not in client.get("/").content
    client.get("/appearance/", {"theme": "light"})
    client.get("/appearance/", {"theme": ""})
    assert b"data-theme" not in client.get("/").content


def test_a_made_up_cookie_is_no_theme(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert b"data-theme" not in client.get("/").content


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_it_leads_nowhere_but_to_this_desk(client: Client, page: str) -> None:
    assert client.get("/appearance/", {"theme": "dark", "next": page}).headers["Location"] == "/"
