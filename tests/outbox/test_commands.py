"""What an operator can do about messages: list and retry dead letters, forget old ones."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox.models import Message
from outbox.refused import Refused
from tests.outbox import handlers
from tests.outbox.conftest import deliver_all

Put = Callable[..., Message]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def _two_parked(db: None, told: list[str], put_word: Put) -> None:
    """``approved`` was refused and ``revoked``, after it in its thread, was sent; ``lone`` was refused."""
    handlers.failing |= {"approved": Refused("mailbox full"), "lone": Refused("no such mailbox")}
    put_word("approved", "case")
    put_word("revoked", "case")
    put_word("lone")
    deliver_all()
    handlers.failing.clear()


@pytest.mark.usefixtures("_two_parked")
def test_dead_letters_are_listed_with_their_reasons() -> None:
    shown = run("outbox", "list")
    assert "approved  1 attempts  (overtaken)\n    mailbox full" in shown
    assert "lone  1 attempts\n    no such mailbox" in shown
    assert "revoked" not in shown


@pytest.mark.usefixtures("_two_parked")
@pytest.mark.parametrize("which", [["--all"], ["approved", "lone"]])
def test_a_retry_sends_what_nothing_has_overtaken(told: list[str], which: list[str]) -> None:
    shown = run("outbox", "retry", *which)
    assert "1 put back" in shown
    assert "1 left as they are" in shown
    deliver_all()
    assert told == ["revoked", "lone"], "a late approval never follows a revocation"
    assert "lone" not in run("outbox", "list")


@pytest.mark.usefixtures("_two_parked")
def test_what_is_leaving_right_now_overtakes_too(told: list[str], put_word: Put) -> None:
    from outbox.relay import claim

    put_word("on its way", "lone")
    assert claim() is not None
    assert "0 put back" in run("outbox", "retry", "lone")


@pytest.mark.usefixtures("_two_parked")
def test_a_whole_thread_of_dead_letters_leaves_in_order(told: list[str], put_word: Put) -> None:
    handlers.failing |= {word: Refused("full") for word in ("one", "two")}
    put_word("one", "full box")
    put_word("two", "full box")
    deliver_all()
    handlers.failing.clear()
    told.clear()
    run("outbox", "retry", "two", "one")
    deliver_all()
    assert told == ["one", "two"]


@pytest.mark.usefixtures("_two_parked")
def test_an_unknown_key_is_named_and_nothing_done() -> None:
    with pytest.raises(CommandError, match="has the key typo"):
        run("outbox", "retry", "lone", "typo")
    assert "lone" in run("outbox", "list")


def test_no_dead_letters(db: None) -> None:
    assert run("outbox", "list") == "No dead letters.\n"


@pytest.mark.usefixtures("_two_parked")
def test_pruning_forgets_what_was_sent_long_ago_alone(put_word: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outbox.management.commands.prune_outbox.BATCH", 2)
    for number in range(5):
        put_word(f"old {number}")
    put_word("waits")
    long_ago = timezone.now() - timedelta(days=31)
    Message.objects.filter(key__startswith="old").update(sent_at=long_ago)
    Message.objects.update(created_at=long_ago)
    assert run("prune_outbox", "--days", "30") == "5 sent messages deleted.\n"
    assert set(Message.objects.values_list("key", flat=True)) == {"approved", "revoked", "lone", "waits"}
    with pytest.raises(CommandError, match="--days: must be 1 or more"):
        run("prune_outbox", "--days", "0")
