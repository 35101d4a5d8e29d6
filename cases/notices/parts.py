"""A notice in parts: the sections that the plain and the HTML version of a mail both show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cases.notices.statement import NextStep, ReasonText, Statement
from cases.notices.wording import on_one_line


@dataclass(frozen=True, slots=True)
class Links:
    """Where a notice leads, as whole addresses."""

    relay: str
    policy: str
    readiness: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing said: ``label`` stands before it, ``command`` and ``note`` under it, ``link`` with its words leads on."""

    text: str
    label: str = ""
    command: str = ""
    note: str = ""
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section; ``is_list`` where its points are items rather than paragraphs."""

    title: str
    points: Sequence[Point]
    is_list: bool = False


def parts_of(notice: Statement, links: Links) -> list[Part]:
    """What follows the headline and what it means, in the order of ``components/notice.html``."""
    parts = [
        Part("", [Point(text) for text in (_since(notice), notice.text) if text]),
        Part("What to do next", [_step(step, notice, links) for step in notice.next_steps], is_list=True),
        Part(_why(notice), [_reason(reason) for reason in notice.reasons], is_list=True),
        Part("Not met yet", list(_unmet(notice)), is_list=True),
        Part("What it rests on", list(_grounds(notice, links)), is_list=True),
        Part(
            "Sending without port 25", [Point(notice.relay, link=links.relay, link_words="How to set it up")]
        ),
        Part("If you disagree", [Point(notice.contest)] if notice.contest else []),
    ]
    return [part for part in parts if part.points]


def written(moment: datetime) -> str:
    """Like ``Thu 26 Nov 2026, 13:00 UTC``: a mail does not know its reader's zone."""
    return f"{moment.astimezone(UTC):%a %-d %b %Y, %H:%M} UTC"


def _since(notice: Statement) -> str:
    return f"Since {written(datetime.fromisoformat(notice.since))}. Decided {notice.decided_by}."


def _step(step: NextStep, notice: Statement, links: Links) -> Point:
    link, words = {
        "readiness": (links.readiness, "Look at the records"),
        "revocation": (f"{links.policy}#clause-{notice.revocation}", f"§{notice.revocation}"),
    }.get(step.page, ("", ""))
    return Point(step.text, command=step.command, note=step.means, link=link, link_words=words)


def _why(notice: Statement) -> str:
    return f"Why, in the words of {on_one_line(notice.in_words_of)}" if notice.in_words_of else "Why"


def _reason(reason: ReasonText) -> Point:
    change = f"What would change it: {reason.would_change}" if reason.would_change else ""
    return Point(reason.text, label=reason.title, note=change)


def _unmet(notice: Statement) -> Iterator[Point]:
    yield from map(Point, notice.unmet)
    if notice.ask_again_from:
        yield Point(f"You can ask again from {date.fromisoformat(notice.ask_again_from):%-d %b %Y}.")


def _grounds(notice: Statement, links: Links) -> Iterator[Point]:
    subscription = notice.subscription
    yield Point(on_one_line(subscription["name"]), label="Subscription", note=subscription["id"])
    for fact in notice.facts:
        yield Point(fact["value"], label=fact["label"], note=_source(fact))
    yield _policy(notice, links)
    if notice.classification:
        yield Point(notice.classification, label="Case type")


def _source(fact: dict[str, str]) -> str:
    if not fact["source"]:
        return ""
    as_of = f", as of {written(datetime.fromisoformat(fact['as_of']))}" if fact["as_of"] else ""
    return f"from {fact['source']}{as_of}"


def _policy(notice: Statement, links: Links) -> Point:
    version = f"version {notice.policy['id']}"
    if not notice.clause:
        return Point(
            notice.policy["title"], "Policy", note=version, link=links.policy, link_words="Read the policy"
        )
    number = notice.clause["number"]
    text = f"§{number} {notice.clause['title']}"
    link = f"{links.policy}#clause-{number}"
    return Point(text, "Policy", note=version, link=link, link_words="Read the clause")
