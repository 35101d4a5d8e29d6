"""The desk's rules in a browser: switched on by two persons."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import AutoRule, RuleMode
from tests.cases.rules import rule_in
from tests.world import World

SignIn = Callable[[str], None]


def test_a_rule_is_proposed_by_one_and_switched_on_by_another(
    page: Page, live_server: LiveServer, live_world: World, sign_in: SignIn
) -> None:
    rule_in(live_world, RuleMode.OFF)
    sign_in("sena")
    page.goto(f"{live_server.url}/review/rules/")
    page.get_by_role("link", name="The rule quick").click()
    page.get_by_role("button", name="Try it in the shadow").click()
    page.get_by_role("button", name="Propose to switch it on").click()
    expect(page.get_by_text("You proposed this rule.")).to_be_visible()
    expect(page.get_by_role("button", name="Switch it on")).to_have_count(0)
    sign_in("tied")
    page.reload()
    page.get_by_label("Why").fill("Quiet for a month.")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("Sena proposed it, Tied switched it on.")).to_be_visible()
    expect(page.get_by_text("Quiet for a month.")).to_be_visible()
    assert AutoRule.objects.get().mode == RuleMode.ON
