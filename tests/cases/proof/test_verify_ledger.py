"""``manage.py verify_ledger``: of which cases, beside which heads, and how it reads them."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError

from cases.actions.conversation import send_message
from cases.management.commands import verify_ledger
from cases.models import Case
from cases.proof import faults_of
from tests.cases.proof.verifying import complaint_of, verify
from tests.undoing import undone
from tests.world import FREE_TRIAL, World


def test_heads_that_were_kept_find_a_past_that_was_written_anew(
    world: World, case: Case, as_superuser: Callable[[str], None], tmp_path: Path
) -> None:
    """A whole case removed, or a chain with right hashes, verifies by itself."""
    kept = tmp_path / "heads"
    kept.write_text(verify("--heads"))
    send_message(case.reference, by=world.actor("petra"), text="Since then.")
    assert verify("--against", str(kept)) == "The ledgers of 3 cases verify.\n"
    rows = f"DELETE FROM cases_{{}} WHERE case_id = {case.pk}"  # noqa: S608  # a number
    with undone():
        for table in ("attestation", "casemessage", "privatenote", "decision", "checkround", "caseevent"):
            as_superuser(rows.format(table))
        as_superuser(f"DELETE FROM cases_case WHERE id = {case.pk}")  # noqa: S608  # a number
        assert verify() == "The ledgers of 2 cases verify.\n"
        assert f"{case.reference}: event {case.version} is not the one" in complaint_of(
            lambda: verify("--against", str(kept))
        )
    kept.write_text("nonsense\n")
    assert "is not what --heads printed" in complaint_of(lambda: verify("--against", str(kept)))


def test_the_complaint_names_the_case_that_was_changed_and_no_other(
    case: Case, as_superuser: Callable[[str], None]
) -> None:
    with undone():
        as_superuser(f"UPDATE cases_case SET state = 'revoked' WHERE id = {case.pk}")  # noqa: S608  # a number
        complaint = complaint_of(verify)
    assert complaint.splitlines() == [
        f"{case.reference}: the case does not stand where its last event left it",
        "1 faults in the ledgers of 3 cases.",
    ]


def test_single_cases_can_be_verified(case: Case, as_superuser: Callable[[str], None]) -> None:
    other = Case.objects.exclude(pk=case.pk).earliest("pk").reference
    with undone():
        as_superuser(f"UPDATE cases_case SET state = 'approved' WHERE id = {case.pk}")  # noqa: S608  # a number
        assert verify(other.lower()) == "The ledgers of 1 cases verify.\n"
        assert "1 faults in the ledgers of 2 cases" in complaint_of(lambda: verify(other, case.reference))


@pytest.mark.parametrize(
    ("typed", "answer"), [("UB-0000-0001", "no case reference"), ("UB-0000-000X", "do not exist")]
)
def test_a_case_that_is_not_there_is_no_success(db: None, typed: str, answer: str) -> None:
    with pytest.raises(CommandError, match=answer):
        verify(typed)


def test_a_case_that_moves_while_it_is_read_is_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row was read before the event was written, its events after it: nothing is wrong."""
    stale = world.submitted()
    send_message(stale.reference, by=world.actor("olive"), text="In between.")
    assert list(faults_of(stale)) != []
    monkeypatch.setattr(verify_ledger, "_cases", lambda typed: iter([stale]))
    assert verify() == "The ledgers of 1 cases verify.\n"


@pytest.fixture
def _nothing_of_others() -> Iterator[None]:
    """The collector sees only what is made from now on: what other tests left behind is out of its sight."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_nothing_of_others")
def test_no_more_than_two_batches_are_held_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def counted(case: Case) -> Iterator[str]:
        gc.collect()
        # By its type: `isinstance` would wake lazy objects.
        held.append(sum(issubclass(type(each), Case) for each in gc.get_objects()))
        return faults_of(case)

    for _ in range(12):
        world.submitted(world.subscription(FREE_TRIAL))
    monkeypatch.setattr(verify_ledger, "BATCH", 3)
    monkeypatch.setattr(verify_ledger, "faults_of", counted)
    verify()
    assert len(held) == 12
    assert 3 <= max(held) <= 6
