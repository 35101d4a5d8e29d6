"""``/dev/mail/``: what the demo kept can be found and read, and nothing in it runs."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from cases.reference import parse_reference
from outbox.models import KeptMail
from tests.front.page import Page

pytestmark = pytest.mark.django_db
REFERENCE = "UB-5QX0-1R0P"
HOSTILE = '<script>alert(1)</script><p style="color: red">Hello</p>'


def keep(number: int = 1, *, to: str = "ann@example.com", html: str = HOSTILE) -> KeptMail:
    mail = EmailMultiAlternatives(
        f"[{REFERENCE}] Mail {number}",
        "See http://127.0.0.1:8000/requests/ & <b>more</b>",
        to=[to],
        headers={"Message-ID": f"<{number}@desk.example>"},
    )
    mail.attach_alternative(html, "text/html")
    get_connection("outbox.kept_mail.KeptMailBackend").send_messages([mail])
    return KeptMail.objects.latest("pk")


def test_nothing_kept_yet_says_so(client: Client) -> None:
    assert "No mail yet" in Page(client.get("/dev/mail/")).text


def test_the_newest_come_first_and_every_one_is_reached(client: Client) -> None:
    for number in range(60):
        keep(number)
    first = Page(client.get("/dev/mail/"))
    seen = [link for link in first.links if link.startswith("[UB")]
    assert seen[0] == f"[{REFERENCE}] Mail 59"
    second = Page(client.get("/dev/mail/" + first.links["Older"]))
    third = Page(client.get("/dev/mail/" + second.links["Older"]))
    for page in (second, third):
        seen += [link for link in page.links if link.startswith("[UB")]
    assert len(seen) == len(set(seen)) == 60
    assert "Older" not in third.links
    assert Page(client.get("/dev/mail/" + third.links["Newer"])).links.keys() == second.links.keys()


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("BOB@example", True),
        (REFERENCE.lower().replace("-", ""), True),
        ("Mail 2", True),
        ("carol", False),
        ("%", False),
    ],
)
def test_a_search_finds_by_address_reference_and_subject(client: Client, words: str, is_found: bool) -> None:
    keep(1)
    keep(2, to="bob@example.com")
    page = Page(client.get("/dev/mail/", {"q": words}))
    assert (f"[{REFERENCE}] Mail 2" in page.links) == is_found
    assert ("No such mail" in page.text) == (not is_found)


def test_a_word_that_reads_like_a_reference_is_a_word_still(client: Client) -> None:
    word = "password"
    assert parse_reference(word)
    KeptMail.objects.create(to="ann@example.com", subject=f"Choose a new {word}", headers={}, text="")
    assert f"Choose a new {word}" in Page(client.get("/dev/mail/", {"q": word})).links


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"after": "x"}, {"before": "9" * 40}, {"q": "y" * 201}])
def test_a_bad_query_is_refused_in_words(client: Client, query: dict[str, str]) -> None:
    response = client.get("/dev/mail/", query)
    assert response.status_code == 400
    assert "to fix first" in Page(response).text


def test_one_mail_is_read_in_full_and_nothing_of_it_runs(client: Client) -> None:
    kept = keep()
    response = client.get(f"/dev/mail/{kept.pk}/")
    page = Page(response)
    assert "<1@desk.example>" in page.text
    assert "See http://127.0.0.1:8000/requests/ & <b>more</b>" in page.text
    assert page.links["http://127.0.0.1:8000/requests/"] == "http://127.0.0.1:8000/requests/"
    assert "<script>alert" not in response.content.decode()
    (frame,) = page.attributes("iframe")
    assert frame["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]


def test_its_html_stands_alone_under_a_policy_that_lets_nothing_run(client: Client) -> None:
    response = client.get(f"/dev/mail/{keep().pk}/html/")
    policy = response.headers["Content-Security-Policy"]
    assert response.content.decode() == HOSTILE
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("address", ["/dev/mail/77/", "/dev/mail/77/html/", f"/dev/mail/{'9' * 40}/"])
def test_what_was_not_kept_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
