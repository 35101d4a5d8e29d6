"""Handlers of outbox messages, as the tests need them."""

import threading
from typing import Any

from outbox.put import NewMessage

told: list[str] = []
failing: dict[str, Exception] = {}
is_inside = threading.Event()
may_go_on = threading.Event()


def tell(payload: dict[str, Any]) -> list[NewMessage]:
    """Remember the word, or raise what stands for it in ``failing``."""
    word = payload["word"]
    if word in failing:
        raise failing[word]
    told.append(word)
    return [NewMessage("tell", f"{word}/{more}", word, {"word": more}) for more in payload.get("then", [])]


def hold(payload: dict[str, Any]) -> list[NewMessage]:
    """Stand still inside a delivery until the test lets go on."""
    is_inside.set()
    assert may_go_on.wait(20)
    return tell(payload)
