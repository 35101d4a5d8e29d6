"""Whether a domain lets an address send: ``check_host()`` of RFC 7208, with its limits.

A record that cannot be used is ``permerror``; a question that nobody answered is
``temperror``, and that is "unknown", never "no".
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from lookups.dns import Answer, Resolver, Status
from lookups.spf_macros import Sending, expand
from lookups.spf_record import Mechanism, Record, SpfSyntaxError, is_spf, parse

MOST_LOOKUPS = 10  # RFC 7208, section 4.6.4
MOST_VOID = 2
MOST_NAMES = 10  # of one mx or ptr
NOBODY = ip_address("0.0.0.0")  # noqa: S104  # nosec B104  # an address that no mechanism matches, to walk a whole record


class PermError(Exception):
    """The record cannot be used; the message says why."""


class TempError(Exception):
    """A question was not answered; the message says which, ``is_passing`` whether to ask again soon."""

    def __init__(self, what: str, answer: Answer) -> None:
        super().__init__(f"{what} could not be asked for: {answer.why}")
        self.is_passing = answer.is_passing


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: ``pass``, ``fail``, ``softfail``, ``neutral``, ``none``, ``permerror``, ``temperror``.

    ``matched`` is the term that decided, ``why`` the reason where it is an error; ``lookups`` and
    ``void`` count the questions that section 4.6.4 limits; ``is_passing`` where a ``temperror`` may
    be none when asked again soon.
    """

    result: str
    matched: str = ""
    why: str = ""
    lookups: int = 0
    void: int = 0
    is_passing: bool = False


def check_host(address: str, domain: str, resolver: Resolver, *, sender: str = "", helo: str = "") -> Result:
    """Whether ``domain`` lets ``address`` send; the sender is ``postmaster@domain`` if not given."""
    sending = Sending(ip_address(address), sender or f"postmaster@{domain}", helo or domain)
    return _Check(resolver, sending).run(domain)


def walk(domain: str, resolver: Resolver) -> Result:
    """Every look-up that the domain's record can lead to, whoever sends; errors as ``check_host`` has them."""
    sending = Sending(NOBODY, f"postmaster@{domain}", domain)
    return _Check(resolver, sending, matches_nobody=True).run(domain)


def lets_everybody(domain: str, resolver: Resolver) -> bool:
    """Whether the record passes an address that nobody has: by +all, its own or one that it leads to."""
    return check_host(str(NOBODY), domain, resolver).result == "pass"


def published(domain: str, resolver: Resolver) -> tuple[Answer, list[str]]:
    """The answer to the question for the domain's TXT records, and those that are SPF's."""
    answer = resolver.ask(domain, "TXT")
    return answer, [text for text in answer.records if is_spf(text)]


@dataclass
class _Check:
    """One run; counts as it goes."""

    resolver: Resolver
    sending: Sending
    matches_nobody: bool = False
    lookups: int = 0
    void: int = 0

    def run(self, domain: str) -> Result:
        try:
            result, matched = self.judge(domain)
        except PermError as error:
            return Result("permerror", why=str(error), lookups=self.lookups, void=self.void)
        except TempError as error:
            return Result("temperror", "", str(error), self.lookups, self.void, error.is_passing)
        return Result(result, matched, lookups=self.lookups, void=self.void)

    def judge(self, domain: str) -> tuple[str, str]:
        """Result and the term that decided; ``none`` where the domain has no record."""
        record = self.record(domain)
        if record is None:
            return "none", ""
        for mechanism in record.mechanisms:
            if self.does_match(mechanism, domain) and not self.is_passed_by(mechanism):
                return mechanism.result, mechanism.text
        if record.redirect and not any(each.name == "all" for each in record.mechanisms):
            return self.redirected(record, domain)
        return "neutral", ""

    def is_passed_by(self, mechanism: Mechanism) -> bool:
        """On a walk nothing ends the record but ``all``."""
        return self.matches_nobody and mechanism.name != "all"

    def record(self, domain: str) -> Record | None:
        answer, found = published(domain, self.resolver)
        if not answer.is_known:
            raise TempError(f"the TXT records of {domain}", answer)
        if len(found) > 1:
            raise PermError(f"{domain} has {len(found)} SPF records; it may have one")
        try:
            return parse(found[0]) if found else None
        except SpfSyntaxError as error:
            raise PermError(f"{domain}: {error}") from None

    def redirected(self, record: Record, domain: str) -> tuple[str, str]:
        self.count_lookup(f"redirect={record.redirect}")
        result, matched = self.judge(self.expanded(record.redirect, domain))
        if result == "none":
            raise PermError(f"redirect={record.redirect} leads to a domain without SPF record")
        return result, matched

    def does_match(self, mechanism: Mechanism, domain: str) -> bool:
        if mechanism.name == "all":
            return True
        if mechanism.network is not None:
            return self.sending.address in mechanism.network
        self.count_lookup(mechanism.text)
        target = self.expanded(mechanism.target, domain) if mechanism.target else domain
        return bool(getattr(self, f"matches_{mechanism.name}")(mechanism, target))

    def matches_include(self, mechanism: Mechanism, target: str) -> bool:
        result, _ = self.judge(target)
        if result == "none":
            raise PermError(f"{mechanism.text} leads to a domain without SPF record")
        return result == "pass"

    def matches_exists(self, mechanism: Mechanism, target: str) -> bool:
        return self.asked(target, "A").status == Status.FOUND

    def matches_a(self, mechanism: Mechanism, target: str) -> bool:
        return self.is_among(self.asked(target, self.kind).records, mechanism)

    def matches_mx(self, mechanism: Mechanism, target: str) -> bool:
        names = [record.split()[-1] for record in self.asked(target, "MX").records]
        if len(names) > MOST_NAMES:
            raise PermError(f"{target} has {len(names)} MX records; {mechanism.text} may meet {MOST_NAMES}")
        return any(self.is_among(self.asked(name, self.kind).records, mechanism) for name in names)

    def matches_ptr(self, mechanism: Mechanism, target: str) -> bool:
        names = self.resolver.ask_reverse(str(self.sending.address)).records[:MOST_NAMES]
        ending = f".{target.rstrip('.').lower()}"
        return any(
            f".{name.rstrip('.').lower()}".endswith(ending) and self.is_confirmed(name) for name in names
        )

    def is_confirmed(self, name: str) -> bool:
        return str(self.sending.address) in self.resolver.ask(name, self.kind).records

    @property
    def kind(self) -> str:
        return "A" if self.sending.address.version == 4 else "AAAA"

    def is_among(self, addresses: tuple[str, ...], mechanism: Mechanism) -> bool:
        bits = mechanism.four_bits if self.sending.address.version == 4 else mechanism.six_bits
        return any(
            self.sending.address in ip_network(f"{address}/{bits}", strict=False) for address in addresses
        )

    def asked(self, name: str, kind: str) -> Answer:
        """The answer; one without records is a void look-up (section 4.6.4)."""
        answer = self.resolver.ask(name, kind)
        if not answer.is_known:
            raise TempError(f"the {kind} records of {name}", answer)
        if answer.status != Status.FOUND:
            self.void += 1
            if self.void > MOST_VOID:
                raise PermError(f"more than {MOST_VOID} look-ups found nothing, the last of them {name}")
        return answer

    def count_lookup(self, term: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise PermError(f"more than {MOST_LOOKUPS} look-ups are needed; {term} is one too many")

    def expanded(self, target: str, domain: str) -> str:
        try:
            return expand(target, domain, self.sending)
        except ValueError as error:
            raise PermError(f"{target}: {error}") from None
