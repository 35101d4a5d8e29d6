"""The section of docs/antifraud.md that says what each check looks at, from the checks themselves."""

from collections.abc import Iterator

from cases.antifraud.registry import Check, registry

BEGINS = "<!-- What follows is written by manage.py describe_checks, from the checks themselves. -->\n"
ENDS = "<!-- Here it ends. -->\n"


def described(page: str) -> str:
    """The page with the section as it is now. Raises ``ValueError`` where it has no place for one."""
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError("the page has no place for the section; it stands between its two comments")
    return "".join([before, begins, *map(_section, registry().values()), "\n", ends, after])


def _section(check: Check) -> str:
    return "".join(f"{line}\n" for line in ["", f"### {check.title}", *_lines(check)])


def _lines(check: Check) -> Iterator[str]:
    yield f"- **Looks at:** {check.looks_at}"
    yield f"- **Proves:** {check.proves}"
    yield f"- **Does not prove:** {check.proves_not}"
    yield f"- **Unknown means:** {check.unknown_means}"
    weights = ", ".join(f"`{part}` {weight}" for part, weight in check.weights.items())
    yield f"- **Weights:** {weights}"
