"""System checks of our own."""

from typing import Any

from django.core.checks import run_checks


def test_a_topic_whose_handler_is_not_there_is_an_error(settings: Any) -> None:
    assert [fault for fault in run_checks() if fault.id == "desk.E002"] == []
    settings.OUTBOX_HANDLERS = {"email": "outbox.email.no_such_function"}
    (fault,) = [fault for fault in run_checks() if fault.id == "desk.E002"]
    assert "email" in fault.msg
