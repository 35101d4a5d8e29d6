"""A browser for the tests: the system's Chromium where there is one, signed in as one of the cast, and what it must never find."""

import json
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from tests.tools import CHROMIUM, require_tool

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.world import World

# Playwright's synchronous API keeps an event loop in the thread that the tests ask the database from.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# To write down what is in order as well would take as long again.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
LOOK = "options => axe.run(options).then(found => found.violations)"
NARROW, WIDE = 320, 1280
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", WIDE), ("dark", WIDE), ("dark", NARROW))
UNFOLD = (
    "document.querySelectorAll('details').forEach(fold => { fold.removeAttribute('name'); fold.open = true })"
)
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; as root it runs only without its sandbox."""
    found = require_tool(*CHROMIUM)
    return {**browser_type_launch_args, "args": ["--no-sandbox"], "executable_path": found}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on which no script fails and nothing is refused by the Content-Security-Policy."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    yield page
    assert faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    """Chromium also logs an answer such as 400 or 404 as an error; those are the tests' own business."""
    return message.type == "error" and "the server responded with a status of" not in message.text


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """Look at the page as it stands, every fold open: axe in both themes, wide and at 320 pixels."""

    def look() -> None:
        page.evaluate(UNFOLD)
        page.evaluate(Axe().axe_script)
        for theme, width in LOOKS:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            assert _violations(page) == [], f"{page.url} in {theme} at {width} pixels"
            assert page.evaluate(WIDTH) <= width, f"{page.url} is wider than {width} pixels"

    return look


def _violations(page: Page) -> list[str]:
    found = page.evaluate(LOOK, OPTIONS)
    return [f"{each['id']}: {json.dumps([node['target'] for node in each['nodes'][:3]])}" for each in found]


@pytest.fixture
def live_world(transactional_db: None) -> "World":
    """The cast, seen by the live server too."""
    from tests.world import make_world

    return make_world()


@pytest.fixture
def sign_in(page: Page, live_server: "LiveServer", live_world: "World") -> Callable[[str], None]:
    """Make the browser that of one of the cast, by a session of theirs."""

    def enter(name: str) -> None:
        client = Client()
        client.force_login(live_world.user(name))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return enter
