"""DKIM (RFC 6376) and DMARC (RFC 7489): keys that are there and not revoked, and a policy that can be read."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from lookups.readiness.items import Asked, DnsRecord, Item, Line, Status, not_asked, not_checked
from lookups.registrable import registrable

KEY_TYPES = ("rsa", "ed25519")  # RFC 6376 and 8463; any other is ignored (RFC 6376, section 3.6.1)
POLICIES = ("none", "quarantine", "reject")
TAG = re.compile(r"\s*(?P<name>[A-Za-z][A-Za-z0-9_]*)\s*=\s*(?P<value>[^;]*?)\s*")


def look_at_dkim(asked: Asked) -> Iterator[Line]:
    """The key of the selector that was given."""
    if not asked.selector:
        yield not_asked(Item.DKIM, asked.domain, "give the DKIM selector that your mail is signed with")
        return
    name = f"{asked.selector}._domainkey.{asked.domain}"
    answer = asked.resolver.ask(name, "TXT")
    if not answer.is_known:
        yield not_checked(Item.DKIM, name, answer)
        return
    fault = _fault_of_keys(answer.records)
    mended = DnsRecord(name, "TXT", "v=DKIM1; k=rsa; p=<the public key that your mail server made>")
    if fault:
        yield Line(Item.DKIM, name, Status.FAIL, fault, mended, answer.records)
    else:
        yield Line(Item.DKIM, name, Status.PASS, "The key is there and not revoked.")


def _fault_of_keys(records: tuple[str, ...]) -> str:
    """What is wrong; empty where there is exactly one usable key."""
    keys = [tags for tags in map(_tags, records) if "p" in tags or tags.get("v") == "DKIM1"]
    if not keys:
        return "There is no key."
    if len(keys) > 1:
        return f"There are {len(keys)} keys under this name; there must be one."
    return _fault_of_kind(keys[0]) or _fault_of_key("".join(keys[0].get("p", "").split()))


def _fault_of_kind(tags: Mapping[str, str]) -> str:
    version, key_type = tags.get("v", "DKIM1"), tags.get("k", "rsa")
    if version != "DKIM1":
        return f"This is no key of DKIM version 1: v={_quoted(version)}."
    if key_type not in KEY_TYPES:
        may_be = " or ".join(KEY_TYPES)
        return f"The key is of a type that receivers ignore: k={_quoted(key_type)}. It may be {may_be}."
    return ""


def _fault_of_key(key: str) -> str:
    if not key:
        return "The key is revoked: p= is empty."
    try:
        base64.b64decode(key, validate=True)
    except binascii.Error:
        return "The key cannot be read: p= is not base64."
    return ""


def _quoted(value: str) -> str:
    """A value as it may be told: somebody else wrote it, also what no text may hold."""
    return ascii(value[:20])[1:-1]


def look_at_dmarc(asked: Asked) -> Iterator[Line]:
    """The policy of the domain, or of the registered domain above it (RFC 7489, section 6.6.3)."""
    names = dict.fromkeys([asked.domain, registrable(asked.domain)])
    for domain in names:
        answer = asked.resolver.ask(f"_dmarc.{domain}", "TXT")
        if not answer.is_known:
            yield not_checked(Item.DMARC, asked.domain, answer)
            return
        texts = tuple(text for text in answer.records if _tags(text).get("v") == "DMARC1")
        if texts:
            yield _of_policy(asked, f"_dmarc.{domain}", texts)
            return
    mended = _policy_to_publish(asked, f"_dmarc.{asked.domain}")
    yield Line(Item.DMARC, asked.domain, Status.FAIL, "There is no DMARC record.", mended)


def _of_policy(asked: Asked, name: str, texts: tuple[str, ...]) -> Line:
    policy = _tags(texts[0]).get("p", "").lower()
    if len(texts) > 1:
        fault = f"{name} has {len(texts)} DMARC records; there must be one."
    elif policy not in POLICIES:
        fault = f"{name} has no policy: p= is none, quarantine or reject."
    else:
        watches = " It asks receivers to do nothing yet." if policy == "none" else ""
        return Line(Item.DMARC, asked.domain, Status.PASS, f"{name} says p={policy}.{watches}")
    return Line(Item.DMARC, asked.domain, Status.FAIL, fault, _policy_to_publish(asked, name), texts)


def _policy_to_publish(asked: Asked, name: str) -> DnsRecord:
    return DnsRecord(name, "TXT", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{asked.domain}")


def _tags(text: str) -> Mapping[str, str]:
    """Tags of a DKIM or DMARC record; nothing where it is none."""
    matches = [TAG.fullmatch(part) for part in text.split(";") if part.strip()]
    return {match["name"]: match["value"] for match in matches if match} if all(matches) else {}
