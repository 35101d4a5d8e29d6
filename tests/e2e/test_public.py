"""The public pages in a browser: by keyboard, in the theme and the zone of who reads, without scripts."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from subscriptions.policy.versions import load_shipped_policies


@pytest.fixture(autouse=True)
def _policies(transactional_db: None) -> None:
    load_shipped_policies()


def test_the_checker_answers_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_label("or paste an offer ID or quotaId").focus()
    page.keyboard.type("MS-AZR-0044P")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Free Trial")
    page.get_by_label("Subscription created on").fill("2018-02-01")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("heading", name="Outbound port 25 is blocked for this subscription")
    ).to_be_visible()
    expect(page.get_by_role("link", name="Set up a relay")).to_be_visible()


def test_the_first_key_offers_to_skip_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_checker_is_in_the_first_screen(page: Page, live_server: LiveServer) -> None:
    for width, height in ((1280, 800), (360, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(live_server.url)
        expect(page.get_by_role("button", name="Check port 25")).to_be_in_viewport(ratio=1)


def test_one_set_up_is_open_at_a_time(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/relay/")
    page.get_by_role("heading", name="Postfix").click()
    expect(page.get_by_text("relayhost = [relay.example.net]:587")).to_be_visible()
    page.get_by_role("heading", name="Python").click()
    expect(page.get_by_text("relayhost = [relay.example.net]:587")).to_be_hidden()


def test_a_link_to_a_set_up_opens_it(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/relay/#msmtp")
    expect(page.get_by_text("tls_starttls   on")).to_be_visible()


def test_a_command_is_copied(page: Page, live_server: LiveServer) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/eligibility/?offer=MS-AZR-0003P")
    page.get_by_role("button", name="Copy the command").click()
    expect(page.get_by_text("Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").startswith("nc -vz -w 5")


def test_the_theme_is_chosen_and_stays(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{live_server.url}/policy/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser_context_args(timezone_id="Asia/Tokyo")
def test_the_readers_zone_is_told_and_used(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dev/components/")
    expect(page.get_by_text("Times in Asia/Tokyo")).to_be_visible()
    first = page.locator("time .at").first.inner_text()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-zone", "Asia/Tokyo")
    assert page.locator("time .at").first.inner_text().split(" ")[:4] == first.split(" ")[:4]


def test_what_was_typed_is_kept_by_the_browser(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dev/components/")
    page.get_by_label("Why does this deployment").nth(1).fill("Because receipts")
    page.reload()
    expect(page.get_by_label("Why does this deployment").nth(1)).to_have_value("Because receipts")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_it_works_without_scripts(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_label("Offer", exact=True).select_option("MS-AZR-0145P")
    page.get_by_label("Subscription created on").fill("2018-02-01")
    page.get_by_role("button", name="Check port 25").click()
    expect(page.get_by_role("link", name="Ask through my partner")).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("link", name="Ask through my partner")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the command")).to_be_hidden()
