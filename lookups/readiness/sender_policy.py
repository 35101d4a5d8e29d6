"""SPF: one valid record within the limits that does not let everybody, and that covers each address."""

from collections.abc import Iterator
from ipaddress import ip_address

from lookups.readiness.items import Asked, DnsRecord, Item, Line, Status, not_checked
from lookups.spf import MOST_LOOKUPS, Result, check_host, lets_everybody, published, walk
from lookups.spf_record import SpfSyntaxError, parse

REFUSED = {
    "fail": "its record refuses the address",
    "softfail": "its record calls the address doubtful",
    "neutral": "its record does not say whether the address may",
    "none": "it has no SPF record",
}
"""What the results of RFC 7208, section 2.6, mean for an address that does not pass."""
REDIRECT = "redirect="
ELSEWHERE = ("include:", "exists:", "ptr", "a:", "mx:", REDIRECT)
ENDINGS = ("-all", "~all", "?all", "+all", "all")


def look_at_spf(asked: Asked) -> Iterator[Line]:
    """The record itself, then each address."""
    answer, texts = published(asked.domain, asked.resolver)
    if not answer.is_known:
        yield not_checked(Item.SPF, asked.domain, answer)
    else:
        yield _of_record(asked, texts)
    for address in asked.addresses:
        yield _of_address(asked, address, texts)


def _of_record(asked: Asked, texts: list[str]) -> Line:
    mended = _record(asked, texts)
    if not texts:
        return _line(asked, texts, Status.FAIL, "There is no SPF record.", mended)
    if len(texts) > 1:
        return _line(
            asked, texts, Status.FAIL, f"There are {len(texts)} SPF records; there must be one.", mended
        )
    if _lets_everybody(texts[0]):
        return _line(
            asked, texts, Status.FAIL, "The record ends in +all: it lets every address send.", mended
        )
    return _of_what_it_leads_to(asked, texts)


def _of_what_it_leads_to(asked: Asked, texts: list[str]) -> Line:
    walked = walk(asked.domain, asked.resolver)
    if walked.result == "temperror":
        return _unanswered(Item.SPF, asked.domain, walked)
    if walked.result == "permerror":
        detail = f"Receivers cannot use the record: {walked.why}."
        return _line(asked, texts, Status.FAIL, detail, _record(asked, _without_elsewhere(texts)))
    if lets_everybody(asked.domain, asked.resolver):
        detail = "What the record leads to ends in +all: it lets every address send."
        return _line(asked, texts, Status.FAIL, detail, _record(asked, []))
    detail = f"One valid record; it takes {walked.lookups} of at most {MOST_LOOKUPS} look-ups."
    return _line(asked, texts, Status.PASS, detail)


def _of_address(asked: Asked, address: str, texts: list[str]) -> Line:
    found = check_host(address, asked.domain, asked.resolver, helo=asked.helo)
    if found.result == "pass":
        return Line(Item.SPF_ADDRESS, address, Status.PASS, f"{asked.domain} lets it send: {found.matched}.")
    if found.result == "temperror":
        return _unanswered(Item.SPF_ADDRESS, address, found)
    term = f" ({found.matched})" if found.matched else ""
    why = found.why or f"{REFUSED[found.result]}{term}"
    detail = f"{asked.domain} does not let {address} send: {why}."
    return Line(Item.SPF_ADDRESS, address, Status.FAIL, detail, _record(asked, texts), tuple(texts))


def _unanswered(item: Item, subject: str, found: Result) -> Line:
    detail = f"{found.why}. Try again in a moment."
    return Line(item, subject, Status.UNKNOWN, detail, is_passing=found.is_passing)


def _line(
    asked: Asked, texts: list[str], status: Status, detail: str, publish: DnsRecord | None = None
) -> Line:
    return Line(Item.SPF, asked.domain, status, detail, publish, tuple(texts) if publish else ())


def _record(asked: Asked, texts: list[str]) -> DnsRecord:
    """What is there with the stated addresses added, closed by -all or by the ending that it had."""
    terms = list(
        dict.fromkeys(_kept(term) for text in texts for term in text.split()[1:] if _is_usable(term))
    )
    kept = [term for term in terms if term.lower() not in ENDINGS]
    ending = next((term for term in terms if term.lower() in ENDINGS[:2]), "-all")
    added = [f"ip{ip_address(address).version}:{address}" for address in asked.addresses]
    new = [term for term in added if term not in kept]
    return DnsRecord(
        asked.domain, "TXT", " ".join(["v=spf1", *new, *(kept or ([] if new else ["mx"])), ending])
    )


def _kept(term: str) -> str:
    """A redirect is looked at only where no ``all`` stands (RFC 7208, section 6.1): an include says the same."""
    return f"include:{term[len(REDIRECT) :]}" if term.lower().startswith(REDIRECT) else term


def _without_elsewhere(texts: list[str]) -> list[str]:
    """The records without what leads to other names: that is what takes too many look-ups, or breaks."""
    return [
        " ".join(term for term in text.split() if not term.lstrip("+-~?").lower().startswith(ELSEWHERE))
        for text in texts
    ]


def _is_usable(term: str) -> bool:
    try:
        parse(f"v=spf1 {term}")
    except SpfSyntaxError:
        return False
    return True


def _lets_everybody(text: str) -> bool:
    try:
        return parse(text).lets_everybody
    except SpfSyntaxError:
        return False
