"""The address to serve on: what is none is told, before anything is started."""

import pytest

from engines.port import reserved_port
from engines.process import EngineError


@pytest.mark.parametrize("bind", ["desk.example", "::1", "127.1", "*"])
def test_what_is_no_address_is_told(bind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIND", bind)
    with (
        pytest.raises(EngineError, match=r"^BIND is .* it must be an IPv4 address of this machine"),
        reserved_port(),
    ):
        pass
