"""What the mail's tests share: mail as it arrives."""

from collections.abc import Callable

import pytest

from outbox.models import KeptMail, Message
from outbox.relay import deliver_next

Mails = Callable[..., list[KeptMail]]


@pytest.fixture
def mails() -> Mails:
    """Deliver what is due, and give the mails to ``to`` (a first name of the cast), oldest first."""

    def arrived(to: str = "") -> list[KeptMail]:
        while deliver_next():
            pass
        failed = Message.objects.filter(sent_at=None).values_list("key", "last_error")
        assert list(failed) == []
        return list(KeptMail.objects.filter(to__startswith=to).order_by("pk"))

    return arrived
