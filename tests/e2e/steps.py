"""Steps that several of the browser's tests take, by accessible names."""

from playwright.sync_api import Locator, Page

from cases.details import Checked
from tests.world import DETAILS


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name)


def link(page: Page, name: str, *, exact: bool = False) -> Locator:
    return page.get_by_role("link", name=name, exact=exact)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def fill_in(page: Page) -> None:
    """The form of the request, as a customer fills it in, or a partner for them."""
    page.get_by_label("Why does this deployment have to send directly").fill(DETAILS.why_direct)
    page.get_by_label("Transactional: receipts, resets, alerts").check()
    page.get_by_label("How many messages on a busy day?").fill("4,000")
    page.get_by_label("Which domains do").fill("shop.example")
    page.get_by_label("Which mailbox do people read for abuse reports?").fill("abuse@shop.example")
    page.get_by_label("send only mail that its readers asked for").check()


def give_word(page: Page) -> None:
    """Confirm each point of what a partner checked."""
    for point in Checked.labels:
        page.get_by_label(point).check()
