"""The living page of components shows each piece."""

import pytest
from django.conf import settings
from django.test import Client

from subscriptions.policy.versions import load_shipped_policies

PIECES = sorted(path.stem for path in (settings.BASE_DIR / "templates" / "components").glob("*.html"))
PARTS_OF_OTHERS = {"themes", "public_nav", "htmx", "messages", "field_notes"}


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["customer", "reviewer"])
def test_it_shows_the_pieces_in_both_densities(client: Client, room: str) -> None:
    load_shipped_policies()
    response = client.get("/dev/components/", {"room": room})
    assert response.status_code == 200
    assert f'class="room-{room}"' in response.content.decode()
    used = {template.name for template in response.templates if template.name}
    missing = {f"components/{piece}.html" for piece in PIECES if piece not in PARTS_OF_OTHERS} - used
    assert missing == set()
