"""The state machine as a document and a picture, drawn from the machine itself (``manage.py draw_states``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django_fsm import Transition

from cases import permissions
from cases.models import OPEN_STATES, Case, State

WHO: dict[Callable[..., bool], str] = {
    permissions.is_system: "the product",
    permissions.may_submit: "the customer, or its partner on its behalf",
    permissions.is_partner: "the subscription's partner",
    permissions.is_submitting_side: "whoever submitted",
    permissions.may_decide: "a reviewer without an interest",
    permissions.may_revoke: "a senior reviewer without an interest",
}
PLACES = {
    State.REJECTED: (1, 0),
    State.NOT_NEEDED: (2, 0),
    State.DENIED: (3, 0),
    State.REVOKED: (4, 0),
    State.NEW: (0, 1),
    State.SUBMITTED: (1, 1),
    State.IN_REVIEW: (2, 1),
    State.APPROVED: (3, 1),
    State.SUSPENDED: (4, 1),
    State.DECLINED: (0, 2),
    State.WITH_PARTNER: (1, 2),
    State.AWAITING_ANSWER: (2, 2),
    State.WITHDRAWN: (4, 2),
}
"""Column and row of each state in the picture."""

STEP_X, STEP_Y, WIDTH, HEIGHT, MARGIN = 256, 124, 150, 44, 24  # pixels
APART = 9  # pixels to either side, where two moves run between the same states


@dataclass(frozen=True, slots=True)
class Move:
    """One edge of the machine."""

    verb: str
    start: State
    end: State
    who: str
    what: str


def moves() -> list[Move]:
    """Every edge, in the order of the machine's states."""
    transitions = Case().get_all_state_transitions()  # type: ignore[attr-defined]  # added by FSMField
    found = [_move(each) for each in transitions]
    order = list(State)
    return sorted(found, key=lambda move: (order.index(move.start), order.index(move.end)))


def _move(transition: Transition) -> Move:
    return Move(
        verb=transition.name,
        start=State(str(transition.source)),
        end=State(str(transition.target)),
        who=WHO[transition.permission],  # type: ignore[index]  # always one of ours
        what=(transition.method.__doc__ or "").strip(),
    )


def document() -> str:
    """``docs/state-machine.md``."""
    return f"""# The states of a case
Drawn from the machine itself by `manage.py draw_states`; a test fails while this page is not what the machine is. The machine stands in `cases/models/case.py`, and the database holds the same moves (`cases/migrations`). [How a case moves](concepts.md)

![Boxes for the states of a case, with an arrow for each verb; the same as the table below](state-machine.svg)

From every state with a broken line the request can be withdrawn by whoever submitted it.

| from | verb | to | who | what it says |
| --- | --- | --- | --- | --- |
{_table()}

`new` is never stored: a case is written with its first events, in the state that they lead to. An interest is a tie to the customer or the partner, or having asked: whoever has one decides nothing.

The same as text, for tools that draw [Mermaid](https://mermaid.js.org):

```mermaid
stateDiagram-v2
{_mermaid()}
```
"""


def _table() -> str:
    rows = (f"| {m.start} | **{m.verb}** | {m.end} | {m.who} | {m.what} |" for m in moves())
    return "\n".join(rows)


def _mermaid() -> str:
    lines = (
        f"    {'[*]' if move.start == State.NEW else move.start} --> {move.end}: {move.verb}"
        for move in moves()
    )
    return "\n".join(lines)


def picture() -> str:
    """``docs/state-machine.svg``."""
    width = 2 * MARGIN + STEP_X * max(column for column, _ in PLACES.values()) + WIDTH
    height = 2 * MARGIN + STEP_Y * max(row for _, row in PLACES.values()) + HEIGHT
    shapes = "\n".join([*_arrows(), _withdrawing(), *map(_box, PLACES)])
    return _SVG.format(width=width, height=height, shapes=shapes)


def _arrows() -> Iterator[str]:
    drawn = [move for move in moves() if move.end != State.WITHDRAWN]
    pairs = {(move.start, move.end) for move in drawn}
    for (start, end), same in groupby(drawn, key=lambda move: (move.start, move.end)):
        label = ", ".join(move.verb.replace("_", " ") for move in same)
        yield _arrow(start, end, label, APART if (end, start) in pairs else 0)


def _arrow(start: State, end: State, label: str, apart: int) -> str:
    (x1, y1), (x2, y2) = _centre(start), _centre(end)
    dx, dy = x2 - x1, y2 - y1
    long = (dx * dx + dy * dy) ** 0.5
    aside_x, aside_y = -dy / long * apart, dx / long * apart
    cut = min(WIDTH / 2 / abs(dx) if dx else 1, HEIGHT / 2 / abs(dy) if dy else 1)
    ends = [x1 + dx * cut, y1 + dy * cut, x2 - dx * cut, y2 - dy * cut]
    x1, y1, x2, y2 = (value + (aside_y if place % 2 else aside_x) for place, value in enumerate(ends))
    line = f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" marker-end="url(#tip)"/>'
    return line + _label(label, ((x1 + x2) / 2, (y1 + y2) / 2), (aside_x, aside_y), is_level=not dy)


def _label(label: str, middle: tuple[float, float], aside: tuple[float, float], *, is_level: bool) -> str:
    """Above a level line (below its lower one of two), beside an upright one of two, else upon it."""
    (x, y), (aside_x, aside_y) = middle, aside
    anchor = "start" if aside_x > 0 else "end" if aside_x < 0 else "middle"
    x += 8 if aside_x > 0 else -8 if aside_x < 0 else 0
    y += 4 if not is_level else 18 if aside_y > 0 else -8
    return f'<text class="verb" style="text-anchor: {anchor}" x="{x:.1f}" y="{y:.1f}">{escape(label)}</text>'


def _withdrawing() -> str:
    """One arrow for all: as many as there are open states would hide the others."""
    x, y = _centre(State.WITHDRAWN)
    end = x - WIDTH / 2
    start = end - STEP_X
    line = f'<line class="open" x1="{start:g}" y1="{y:g}" x2="{end:g}" y2="{y:g}" marker-end="url(#tip)"/>'
    words = "withdraw, from every broken line"
    return f'{line}<text class="verb" x="{(start + end) / 2:g}" y="{y - 8:g}">{words}</text>'


def _box(state: State) -> str:
    x, y = _centre(state)
    kind = "open" if state in OPEN_STATES else "state"
    left, top = x - WIDTH / 2, y - HEIGHT / 2
    rect = f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
    return f'{rect}<text x="{x:g}" y="{y + 5:g}">{escape(state.replace("_", " "))}</text>'


def _centre(state: State) -> tuple[float, float]:
    column, row = PLACES[state]
    return MARGIN + WIDTH / 2 + column * STEP_X, MARGIN + HEIGHT / 2 + row * STEP_Y


_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>The states of a case</title>
<style>
  svg {{ background: #fff; color: #17282b; font: 14px system-ui, sans-serif; }}
  rect {{ fill: #f1f6f6; stroke: #0b5c63; stroke-width: 1.5; }}
  .open {{ stroke-dasharray: 6 4; }}
  text {{ fill: currentColor; text-anchor: middle; }}
  text.verb {{ font-size: 12px; paint-order: stroke; stroke: #fff; stroke-width: 5; }}
  line, path {{ stroke: #5b7276; stroke-width: 1.5; }}
  path {{ fill: #5b7276; }}
  @media (prefers-color-scheme: dark) {{
    svg {{ background: #10191b; color: #e3eeee; }}
    rect {{ fill: #18272a; stroke: #5fc0c6; }}
    text.verb {{ stroke: #10191b; }}
    line, path {{ stroke: #8fa6a9; }}
    path {{ fill: #8fa6a9; }}
  }}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" stroke="none"/></marker></defs>
{shapes}
</svg>
"""
