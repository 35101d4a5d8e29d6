"""The log: a JSON line for each request, and no line has what would open an account."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core import mail
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from tests.world import World

LINK = "/accounts/password/reset/key/4-d3adb3-0123456789abcdef0123456789abcdef/"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the product writes to standard error, in its own form."""
    written, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        next(each.formatter for each in root.handlers if isinstance(each.formatter, ProcessorFormatter))
    )
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_a_request_for_a_new_password_is_logged_without_its_key(
    world: World, client: Client, log: StringIO
) -> None:
    client.post("/accounts/password/reset/", {"email": "rita@people.example"})
    found = re.search(r"/accounts/password/reset/key/(\w+)-(\S+)/", str(mail.outbox[0].body))
    assert found
    client.get(found[0])
    client.get(f"{found[0]}?again=1")
    requests = [json.loads(line).get("request") for line in log.getvalue().splitlines()]
    cut = f"GET /accounts/password/reset/key/{found[1]}-…/"
    assert requests[-2:] == [cut, f"{cut}?again=1"]
    assert found[2] not in log.getvalue()


@pytest.mark.parametrize("way", ["message", "argument", "trace"])
def test_nor_does_any_other_line_have_it(log: StringIO, way: str) -> None:
    logger = logging.getLogger("django.security.csrf")
    if way == "message":
        logger.warning(f"Not found: {LINK}")
    elif way == "argument":
        logger.warning("Not found: %s", LINK)
    else:
        try:
            raise LookupError(f"no page at '{LINK}'")
        except LookupError:
            logger.exception("failed")
    assert "d3adb3" not in log.getvalue()
    assert "/password/reset/key/4-" in log.getvalue()
