"""Policy documents: what is refused, and how the error points at it."""

import pytest

from subscriptions.policy.document import Side
from subscriptions.policy.reader import read_policy
from subscriptions.policy.source import PolicyError
from tests.subscriptions.policy.documents import CORNERS, corners

NO_TEXT = "which is no text or hides some; take it out"
FAULTS = [
    ("title: Every corner", r'title: "a\0b"', f":2: title: holds the character U+0000, {NO_TEXT}"),
    ("title: Every corner", r'title: "a\uD800b"', f":2: title: holds the character U+D800, {NO_TEXT}"),
    ("title: Every corner", r'title: "a\u202Eb"', f":2: title: holds the character U+202E, {NO_TEXT}"),
    ("title: Every corner", "title: a\u2067b", f":2: holds the character U+2067, {NO_TEXT}"),
    ("title: Every corner", "title: a # \u202e", f":2: holds the character U+202E, {NO_TEXT}"),
    ("title: Every corner", "title: a\0b", f":2: holds the character U+0000, {NO_TEXT}"),
    ("title: Every corner", "title: a\ud800b", f":2: holds the character U+D800, {NO_TEXT}"),
    (
        "title: Every corner",
        '"ti\\0tle": Every corner',
        f":2: ti\\x00tle: holds the character U+0000, {NO_TEXT}",
    ),
    ("title: Every corner", "? [title, x]\n: a", ":2: ?: a key is one word, not a list or a mapping"),
    (
        "answer_within_days: 14",
        "answer_within_days: 1_4",
        "service.answer_within_days: must be a whole number",
    ),
    (
        "answer_within_days: 14",
        "answer_within_days: \uff11\uff14",
        "service.answer_within_days: must be a whole number",
    ),
    ("paid_total_usd: 1000", "paid_total_usd: 1_000", "requires.paid_total_usd: must be a number, like 1000"),
    ("paid_total_usd: 1000", "paid_total_usd: 1e3", "requires.paid_total_usd: must be a number, like 1000"),
    ("id: corners", "id: Two Corners", ":1: id: must be of lower-case letters, digits and hyphens"),
    ("title: Every corner", "title:", ":2: title: is empty; it needs some text"),
    ("title: Every corner\n", "", ":1: title: is missing"),
    ("source: Made up", "sauce: Made up", ":4: sauce: is not a key here; allowed are: id, title, summary"),
    ("source: Made up", "source: a\nsource: b", ":5: source: is given twice, first on line 4"),
    ("2019-06-01T12:00:00Z", "2019-06-01", ":5: effective_from: must be a time with its offset from UTC"),
    ("2019-06-01T12:00:00Z", "soon", ":5: effective_from: 'soon': not a date or time like"),
    ("14:00:00+02:00", "14:00:00", ":6: cut_off: '2019-06-01T14:00:00': a time needs its offset"),
    ("answer_within_days: 14", "answer_within_days: 0", ":7: service.answer_within_days: must be at least 1"),
    ("answer_within_days: 14", "answer_within_days: x", "service.answer_within_days: must be a whole number"),
    ("service: {", "service: 4 #{", ":7: service: must be a mapping of keys to values"),
    (
        "free: Free, basic",
        "Free One: Free, free: Free, basic",
        ":8: families.Free One: must be of lower-case",
    ),
    (
        "family: gold}",
        "family: golden}",
        ":12: offers[2].family: golden is not there; allowed are: free, basic",
    ),
    ("id: G-1", "id: b-1", ":12: offers[2].id: b-1 is there twice; it has to be unique"),
    ("{id: X-1, name: Lab,", "{id: X-1,", ":13: offers[3].name: is missing"),
    ("number: 1.10", "number: 1.x", ":16: clauses[1].number: must be a number like 3 or 3.2"),
    ("number: 1.10", "number: 1", ":16: clauses[1].number: 1 is there twice"),
    ("undecided: 1.10", "undecided: 7", ":17: key_clauses.undecided: 7 is not there; allowed are: 1, 1.10"),
    ("{relay: 1, ", "{", ":17: key_clauses.relay: is missing"),
    (
        "created: before",
        "created: earlier",
        ":19: rules[0].created: is earlier; allowed: 'before', 'from' or 'any'",
    ),
    (
        "outcome: not_blocked",
        "outcome: not_yet",
        ":19: rules[0].outcome: is not_yet; allowed: not_blocked, may",
    ),
    (
        "outcome: not_blocked",
        "outcome: open",
        ":19: rules[0].outcome: is open; allowed: not_blocked, may_request",
    ),
    ("[free, basic, gold]", "[]", ":19: rules[0].families: is empty; it needs at least one"),
    ("[free, basic, gold]", "gold", ":19: rules[0].families: must be a list, each item after a hyphen"),
    (
        "[free, basic, gold]",
        "[free, basic, gold, lab]",
        ":19: rules[0].families[3]: lab is not there; allowed",
    ),
    (
        "[free, basic, gold]",
        "[free, basic]",
        ":8: families.gold: no rule is for it when created before the cut-off",
    ),
    (
        "created: before",
        "created: any",
        ":8: families.free: more than one rule is for it when created from the cut",
    ),
    ("identity_verified: yes", "identity_verified: no", "requires.identity_verified: can only be true"),
    (
        "identity_verified: yes",
        "vip: yes",
        ":23: rules[1].requires.vip: is not a key here; allowed are: account_age",
    ),
    (
        "account_age_days: 90",
        "account_age_days: 0",
        ":23: rules[1].requires.account_age_days: must be at least 1",
    ),
    (
        "account_age_days: 90",
        "account_age_days: 9.5",
        "rules[1].requires.account_age_days: must be a whole number",
    ),
    ("paid_total_usd: 1000", "paid_total_usd: much", "requires.paid_total_usd: must be a number, like 1000"),
    ("paid_total_usd: 1000", "paid_total_usd: -1", "requires.paid_total_usd: must be more than 0"),
    (
        "{paid_total_usd: 1000}",
        "{}",
        ":36: rules[3].requires: asks for nothing; remove it, or add conditions",
    ),
    ("outcome: via_partner", "outcome: never", ":24: rules[1].outcome: cannot be never with requires"),
    (
        "otherwise: never",
        "otherwise: may_request",
        ":25: rules[1].otherwise: is may_request; allowed: not_yet, never",
    ),
    (
        "    requires: {paid_total_usd: 1000}\n",
        "    otherwise: never\n",
        "rules[3].otherwise: makes sense only with req",
    ),
    ("id: late-gold", "id: late-basic", ":33: rules[3].id: late-basic is there twice"),
    (
        "clause: 1\n  - id: late-basic",
        "clause: 2\n  - id: late-basic",
        ":26: rules[1].clause: 2 is not there",
    ),
    ("cut_off: 2019-06-01T14:00:00+02:00\n", "", ":18: rules[0].created: the policy has no cut_off; add one"),
]


@pytest.mark.parametrize(("good", "bad", "error"), FAULTS)
def test_a_fault_is_named_by_file_line_and_key(good: str, bad: str, error: str) -> None:
    assert good in CORNERS
    with pytest.raises(PolicyError) as refusal:
        read_policy(CORNERS.replace(good, bad, 1), "corners.yaml")
    told = [line for line in str(refusal.value).splitlines() if error in line]
    assert told, str(refusal.value)
    assert told[0].startswith("corners.yaml:")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "x.yaml:1: the document is empty"),
        ("id: [", "x.yaml:1: "),
        ("id: a\n\ttitle: b", "x.yaml:2: "),
        ("- one\n- two", "x.yaml:1: document: must be a mapping of keys to values"),
        ("id: &a one\ntitle: *a", "x.yaml:2: title: anchors and aliases (& and *) are not used here"),
        ("id: a\n---\nid: b", "x.yaml:2: but found another document"),
        ("[" * 5000, "x.yaml:1: this is not readable as YAML"),
        ("id: a\x00b", "x.yaml:1: holds the character U+0000"),
    ],
)
def test_what_is_no_policy_at_all_is_refused(text: str, error: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        read_policy(text, "x.yaml")
    assert str(refusal.value).startswith(error)


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = CORNERS.replace("id: corners", "id: Bad Id").replace("title: Every corner", "title:")
    text = text.replace("created: before", "created: never")
    with pytest.raises(PolicyError) as refusal:
        read_policy(text, "x.yaml")
    assert [line.split(":")[1] for line in str(refusal.value).splitlines()] == ["1", "2", "19"]


def test_scalars_are_text_and_never_guessed() -> None:
    policy = corners()
    assert policy.clause("1.10").title == "Ten"
    assert [clause.number for clause in policy.clauses] == ["1", "1.10"]
    renamed = read_policy(CORNERS.replace("free: Free", "free: No"), "x.yaml")
    assert renamed.families["free"] == "No"


def test_a_policy_answers_by_family_side_offer_and_quota() -> None:
    policy = corners()
    assert policy.rule_for("gold", Side.FROM).id == "late-gold"
    assert policy.rule_for("gold", Side.BEFORE).id == "early"
    assert policy.family_of_offer(" g-1 ") == "gold"
    assert policy.family_of_offer("X-1") is None
    assert policy.family_of_offer("unheard-of") is None
    assert policy.families_of_quota("q-shared") == {"basic", "gold"}
    assert policy.families_of_quota("unheard-of") == {None}
    assert policy.family_named("GOLD") == "gold"
    assert policy.undecided_clause.number == "1.10"
    with pytest.raises(KeyError):
        policy.rule_for("lab", Side.FROM)


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        corners().title = "Another"  # type: ignore[misc]  # what is refused here
