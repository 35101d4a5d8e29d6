"""The tests' own flush: it empties the guarded tables, and the guard stands again afterwards."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection

from people.models import User
from subscriptions.models import PolicyVersion
from subscriptions.policy.versions import load_shipped_policies


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_turn_starts_empty_and_guarded(turn: int) -> None:
    assert not User.objects.exists()
    assert not PolicyVersion.objects.exists()
    assert cache.get("attempts") is None
    User.objects.create_user("ann@example.com", name="Ann")
    load_shipped_policies()
    cache.set("attempts", turn)
    for refused in ("TRUNCATE cases_caseevent", "DELETE FROM subscriptions_policyversion"):
        with pytest.raises(DatabaseError, match="refused"), connection.cursor() as cursor:
            cursor.execute(refused)
