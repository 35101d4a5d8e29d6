"""``manage.py antifraud``: what it prints, and a round that is made in this process."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.antifraud.registry import Check, registry
from cases.models import Case, CheckRound, Finding, State
from tests.cases.views.checking import ended, signal
from tests.world import World


def printed(*options: str) -> str:
    out = StringIO()
    call_command("antifraud", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def told(*options: str) -> Any:
    return json.loads(printed(*options, "--json"))


def test_rounds_signals_and_the_band_with_its_parts(world: World) -> None:
    case = ended(world.submitted())
    found = told(case.reference)
    (only,) = found["rounds"]
    assert (found["reference"], found["state"]) == (case.reference, "in_review")
    assert found["band"] == only["band"] == "incomplete"
    assert found["parts"] == only["parts"]
    assert ("links", "link_payment", 40) in [(p["check"], p["part"], p["weight"]) for p in found["parts"]]
    (dmarc,) = [each for each in only["signals"] if each["part"] == "dmarc"]
    assert dmarc["subject"] == {"kind": "domain", "value": "shop.example"}
    assert (dmarc["finding"], dmarc["source"]) == ("flagged", "a test")
    assert dmarc["evidence"] == {"publish": "v=DMARC1; p=none"}
    assert {each["check"] for each in only["checks"]} == set(registry())


def test_its_text_is_for_people(world: World) -> None:
    case = ended(world.submitted())
    text = printed(case.reference.lower())
    assert text.index("FLAGGED  links/link_payment") < text.index("unknown  domain_age/domain_age")
    assert text.index("unknown  domain_age/domain_age") < text.index("clear    domain_records/spf")
    assert "band: incomplete" in text


def test_a_case_without_a_round_has_no_band(world: World) -> None:
    found = told(world.submitted().reference)
    assert (found["band"], found["parts"], found["rounds"]) == (None, [], [])


@pytest.fixture
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """One check that sees something, and one that breaks."""

    def breaks(case: object) -> list[Any]:
        raise OSError("no way")

    made = {
        "sees": Check(
            "sees", "Sees", {"a": 60}, "", "", "", look=lambda case: [signal("a", Finding.FLAGGED)]
        ),
        "breaks": Check("breaks", "Breaks", {"b": 1}, "", "", "", look=breaks),
    }
    for place in ("cases.antifraud.rounds", "cases.actions.checks"):
        monkeypatch.setattr(f"{place}.registry", lambda: made)


@pytest.mark.usefixtures("two_checks")
def test_run_makes_a_new_round_here_by_what_the_task_does(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    found = told(case.reference, "--run")
    first, second = found["rounds"]
    assert (first["number"], second["number"]) == (1, 2)
    assert second["ended_at"] is not None
    assert found["band"] == second["band"] == "high" == Case.objects.get(pk=case.pk).band
    (broken,) = [each for each in second["signals"] if each["check"] == "breaks"]
    assert broken["finding"] == "unknown"
    assert "failed (OSError)" in broken["sentence"]


def test_run_says_why_there_is_no_new_round(world: World) -> None:
    case = world.case_in(State.DENIED)
    rounds = CheckRound.objects.count()
    with pytest.raises(CommandError, match="No round was started"):
        printed(case.reference, "--run")
    assert CheckRound.objects.count() == rounds


def test_a_reference_that_is_none(world: World) -> None:
    with pytest.raises(CommandError, match="a reference looks like"):
        printed("UB-0000")
