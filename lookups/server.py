"""A DNS server as the environment names it; light, since the settings read it at every start."""

from ipaddress import ip_address


def server_of(text: str) -> tuple[str, int]:
    """Address and port of ``192.0.2.53:53`` or ``[2001:db8::53]:53``, as ``DNS_RESOLVERS`` has them.

    Raises ``ValueError`` naming the entry and the form that is wanted: a name would have to be
    looked up first. The settings refuse with it at start what the resolver could not ask.
    """
    host, _, port = text.strip().rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    try:
        address = ip_address(host[1:-1] if is_bracketed else host)
    except ValueError:
        address = None
    is_port = port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 2**16
    if address is None or not is_port or is_bracketed != (address.version == 6):
        raise ValueError(
            f"{text[:80]!a} is no DNS server; write address and port, like 192.0.2.53:53 or [2001:db8::53]:53"
        )
    return str(address), int(port)
