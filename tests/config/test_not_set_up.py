"""A desk that nobody set up says so, and what to do."""

import pytest
from django.test import Client

from subscriptions.models import PolicyVersion
from tests.front.page import Page


@pytest.mark.parametrize("address", ["/policy/", "/eligibility/"])
def test_without_a_policy_pages_say_what_is_missing(db: None, client: Client, address: str) -> None:
    assert not PolicyVersion.objects.exists()
    response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "This desk is not set up yet" in Page(response).text
    assert "manage.py load_shipped" in Page(response).text
