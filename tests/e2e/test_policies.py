"""The desk's policies in a browser: drafted by one, published by another."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import policies
from cases.models import PolicyDraft
from subscriptions.models import PolicyVersion
from tests.cases.policies import NEVER_AGAIN, document
from tests.world import World

SignIn = Callable[[str], None]


def test_a_version_is_drafted_by_one_and_published_by_another(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    assert_accessible: Callable[[], None],
) -> None:
    sign_in("sena")
    page.goto(f"{live_server.url}/review/policies/")
    page.get_by_label("The document").fill("id: 1")
    page.get_by_role("button", name="Draft it", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible()
    page.get_by_label("The document").fill(document(swap=NEVER_AGAIN))
    page.get_by_role("button", name="Draft it", exact=True).click()
    expect(page.get_by_text("You drafted this version.")).to_be_visible()
    expect(page.get_by_role("button", name="Publish it")).to_have_count(0)
    page.get_by_role("button", name="Replay it").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    policies.replay_draft(PolicyDraft.objects.get().pk)
    expect(page.get_by_text("the outcome changes for")).to_be_visible()  # it comes in by itself
    sign_in("tied")
    page.reload()
    page.get_by_label("Why").fill("Replayed; fine.")
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Sena drafted it, Tied published it.")).to_be_visible()
    assert PolicyVersion.objects.filter(pk="stricter").exists()
