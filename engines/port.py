"""The port that the web program serves on: ours from the very start, so that nothing is started for nothing."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import AddressValueError, IPv4Address

from engines.process import EngineError


@contextmanager
def reserved_port() -> Iterator[socket.socket]:
    """Bind ``BIND`` (loopback, if unset) and ``PORT`` (8000, if unset); the web program listens on it later.

    So the address stays ours while the web program starts, and starts again. Raises ``EngineError``.
    """
    port = _number(os.environ.get("PORT") or "8000")
    address = _address(os.environ.get("BIND") or "127.0.0.1")
    with socket.socket() as reserved:
        _bind(reserved, address, port)
        yield reserved


def _number(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise EngineError(f"PORT is {text!r}; it must be a number from 1 to 65535.")


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        reason = "it must be an IPv4 address of this machine, like 127.0.0.1."
        raise EngineError(f"BIND is {text!r}; {reason}") from None


def _bind(reserved: socket.socket, address: str, port: int) -> None:
    """Connections of the last run that the kernel still waits for must not stop us, a program that listens must.

    The option is taken back once it has served: with it, others could bind the same address meanwhile.
    """
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((address, port))
    except OSError as error:
        reason = error.strerror or error
        raise EngineError(
            f"{address}:{port} cannot be used ({reason}). Set PORT to a free one, as in: PORT=8080 make run"
        ) from None
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
