"""A DNS server as the environment names it."""

import pytest

from lookups.server import server_of

BAD = [
    "evil.example:53",
    "192.0.2.53",
    "192.0.2.53:",
    "192.0.2.53:0",
    "192.0.2.53:65536",
    "192.0.2.53:\uff15\uff13",
    "192.0.2.53:1_0",
    "192.0.2.53:" + "9" * 5000,
    "192.0.2.999:53",
    "[192.0.2.53]:53",
    "2001:db8::53:53",
    "[2001:db8::53]",
    ":53",
    "",
]


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53:53", ("192.0.2.53", 53)),
        (" 192.0.2.53:5353 ", ("192.0.2.53", 5353)),
        ("[2001:DB8::53]:53", ("2001:db8::53", 53)),
    ],
)
def test_address_and_port(text: str, server: tuple[str, int]) -> None:
    assert server_of(text) == server


@pytest.mark.parametrize("text", BAD)
def test_what_is_none_is_named_with_the_form_that_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no DNS server; .*192\.0\.2\.53:53") as error:
        server_of(text)
    assert len(str(error.value)) < 250
