"""Names and addresses that lead to each other: MX, PTR, forward-confirmed reverse DNS, HELO."""

from collections.abc import Iterator
from ipaddress import ip_address

import dns.reversename

from lookups.dns import Answer
from lookups.readiness.items import Asked, DnsRecord, Item, Line, Status, address_kind, not_asked, not_checked


def look_at_mx(asked: Asked) -> Iterator[Line]:
    """Where bounces go: at least one MX whose name leads to an address."""
    answer = asked.resolver.ask(asked.domain, "MX")
    if not answer.is_known:
        yield not_checked(Item.MX, asked.domain, answer)
        return
    hosts = [record.split()[-1].rstrip(".") for record in answer.records]
    mended = DnsRecord(asked.domain, "MX", f"10 mail.{asked.domain}.")
    if not any(hosts):
        why = "Its MX says that it takes no mail." if answer.records else "There is no MX record."
        detail = f"{why} Bounces and replies cannot be delivered."
        yield Line(Item.MX, asked.domain, Status.FAIL, detail, mended, answer.records)
        return
    yield _of_hosts(asked, [host for host in hosts if host], mended, answer.records)


def _of_hosts(asked: Asked, hosts: list[str], mended: DnsRecord, present: tuple[str, ...]) -> Line:
    answers = [asked.resolver.ask(host, kind) for host in hosts for kind in ("A", "AAAA")]
    reached = next((answer.name for answer in answers if answer.records), "")
    if reached:
        return Line(Item.MX, asked.domain, Status.PASS, f"Mail is taken by {reached}.")
    open_question = next((answer for answer in answers if not answer.is_known), None)
    if open_question is not None:
        return not_checked(Item.MX, asked.domain, open_question)
    detail = f"No MX leads to an address: {', '.join(hosts[:5])}."
    return Line(Item.MX, asked.domain, Status.FAIL, detail, mended, present)


def look_at_reverse(asked: Asked) -> Iterator[Line]:
    """PTR of each address, and whether its name leads back."""
    for address in asked.addresses:
        answer = asked.resolver.ask_reverse(address)
        yield _of_ptr(asked, address, answer)
        yield _of_fcrdns(asked, address, answer)


def _of_ptr(asked: Asked, address: str, answer: Answer) -> Line:
    if not answer.is_known:
        return not_checked(Item.PTR, address, answer)
    if answer.records:
        return Line(Item.PTR, address, Status.PASS, f"{address} is called {answer.records[0].rstrip('.')}.")
    reverse = dns.reversename.from_address(address).to_text().rstrip(".")
    mended = DnsRecord(reverse, "PTR", f"{_name_for(asked)}.")
    return Line(Item.PTR, address, Status.FAIL, f"{address} has no name (PTR record).", mended)


def _of_fcrdns(asked: Asked, address: str, answer: Answer) -> Line:
    if not answer.is_known:
        return not_checked(Item.FCRDNS, address, answer)
    kind = address_kind(address)
    answers = [asked.resolver.ask(name, kind) for name in answer.records[:10]]
    if any(_leads_to(found, address) for found in answers):
        return Line(Item.FCRDNS, address, Status.PASS, "Name and address lead to each other.")
    open_question = next((found for found in answers if not found.is_known), None)
    if open_question is not None:
        return not_checked(Item.FCRDNS, address, open_question)
    name = answer.records[0].rstrip(".") if answer.records else _name_for(asked)
    why = (
        f"{name} does not lead back to {address}."
        if answer.records
        else f"{address} has no name to lead back from."
    )
    return Line(Item.FCRDNS, address, Status.FAIL, why, DnsRecord(name, kind, address))


def look_at_helo(asked: Asked) -> Iterator[Line]:
    """The name that the server greets with: a full name that leads to a stated address."""
    if not asked.helo:
        yield not_asked(Item.HELO, asked.domain, "give the name that your mail server greets with (HELO)")
        return
    kinds = dict.fromkeys(map(address_kind, asked.addresses)) or {"A": None, "AAAA": None}
    answers = [asked.resolver.ask(asked.helo, kind) for kind in kinds]
    yield _of_helo(asked, answers)


def _of_helo(asked: Asked, answers: list[Answer]) -> Line:
    is_reached = any(_leads_to(answer, each) for answer in answers for each in asked.addresses)
    if is_reached or (not asked.addresses and any(answer.records for answer in answers)):
        return Line(
            Item.HELO, asked.helo, Status.PASS, f"{asked.helo} leads to the address that it greets from."
        )
    open_question = next((answer for answer in answers if not answer.is_known), None)
    if open_question is not None:
        return not_checked(Item.HELO, asked.helo, open_question)
    if not asked.addresses:
        return Line(Item.HELO, asked.helo, Status.FAIL, f"{asked.helo} leads to no address.")
    mended = DnsRecord(asked.helo, address_kind(asked.addresses[0]), asked.addresses[0])
    return Line(
        Item.HELO, asked.helo, Status.FAIL, f"{asked.helo} does not lead to a stated address.", mended
    )


def _leads_to(answer: Answer, address: str) -> bool:
    return any(ip_address(record) == ip_address(address) for record in answer.records if _is_address(record))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _name_for(asked: Asked) -> str:
    return asked.helo or f"mail.{asked.domain}"
