"""``/dev/components/``: every piece of the interface with normal, empty and overlong content."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.models import State, Verb
from cases.notices import wording
from cases.timeline import Entry
from front.icons import SHAPES
from subscriptions.policy.document import Clause
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.versions import active_policy
from subscriptions.policy.wording import OUTCOME_WORDS

LONG_NAME = (
    "Contoso Web Shop Production Environment for Northern Europe, including staging and all of its satellites"
)
LONG_WORD = "a-very-long-record-without-any-place-to-break-" * 4
LONG_TEXT = (
    "We send receipts for orders, one for each, to people who have just paid; some of their employers' mail "
    "servers refuse what comes through shared relays, and our auditors want the path of each message to be ours.\n"
    "Volume is about 4,000 a day, with peaks of 12,000 in November. " * 3
)


class SampleForm(forms.Form):
    """One field of each kind."""

    why = forms.CharField(
        label="Why does this deployment have to send directly?",
        help_text="Say what an authenticated relay on 587 or 443 cannot do for you.",
        widget=forms.Textarea,
    )
    volume = forms.IntegerField(label="Messages a day", required=False)
    contact = forms.EmailField(label="Abuse contact")
    kind = forms.ChoiceField(
        label="Kind of mail",
        choices=[("a", "Receipts and resets"), ("b", "Mailing lists")],
    )
    day = forms.DateField(label="Created", widget=forms.DateInput(attrs={"type": "date"}))
    side = forms.ChoiceField(
        label="Who asks?",
        choices=[("c", "Customer"), ("p", "Partner for its customer")],
        widget=forms.RadioSelect,
    )
    addresses = forms.MultipleChoiceField(
        label="Sending addresses",
        help_text="From your inventory.",
        choices=[("1", "203.0.113.7"), ("2", "2001:db8:41::25")],
        widget=forms.CheckboxSelectMultiple,
    )
    terms = forms.BooleanField(label="I accept the terms for sending mail directly.")


def components(request: HttpRequest) -> HttpResponse:
    """The living page of the pieces."""
    now = timezone.now()
    policy = active_policy()
    facts = Facts(offer_id="MS-AZR-0003P", created=datetime(2017, 11, 20, tzinfo=now.tzinfo))
    return render(
        request,
        "demo/components.html",
        {
            "room": "reviewer" if request.GET.get("room") == "reviewer" else "customer",
            "policy": policy,
            "outcomes": OUTCOME_WORDS,
            "states": [state.value for state in State if state != State.NEW],
            "findings": [
                "clear",
                "flagged",
                "unknown",
                "exempt",
                "blocked",
                "data_disputed",
                "out_of_policy",
            ],
            "answer": evaluate(facts, policy, now),
            "clause": policy.clause("3.2"),
            "not_yet": {
                "unmet": [{"sentence": "Your account must be at least 30 days old; it is 12 days old."}],
                "ask_again_from": (now + timedelta(days=18)).date(),
            },
            "cards": _cards(policy.clause("3.2"), now),
            "entries": _entries(now),
            "notices": [
                _notice(Verb.REJECT, now),
                _notice(Verb.APPROVE, now, LONG_TEXT),
            ],
            "reasons": _reasons(),
            "chosen": ["relay_would_do"],
            "empty_form": SampleForm(),
            "bad_form": SampleForm({"volume": "many", "contact": "nobody"}, auto_id="bad_%s"),
            "soon": now + timedelta(hours=5),
            "later": now + timedelta(days=2),
            "long_ago": now - timedelta(days=400),
            "just_now": now - timedelta(seconds=20),
            "long_name": LONG_NAME,
            "long_word": LONG_WORD,
            "long_text": LONG_TEXT,
            "command": "nc -vz -w 5 gmail-smtp-in.l.google.com 25",
            "file": "relayhost = [relay.example.net]:587\nsmtp_sasl_auth_enable = yes\nsmtp_tls_security_level = encrypt\n",
            "icons": sorted(SHAPES),
        },
    )


def _entries(now: datetime) -> list[Entry]:
    return [
        Entry(
            1,
            "submitted",
            "Request sent",
            now - timedelta(days=3),
            "Ada Okafor",
            "customer",
        ),
        Entry(
            2,
            "review_started",
            "Review started",
            now - timedelta(days=3),
            "Unblock Desk",
            "system",
        ),
        Entry(
            3,
            "note",
            "Private note",
            now - timedelta(days=1),
            "Rita Voss",
            "desk",
            "Looks fine to me.",
            None,
            True,
        ),
        Entry(
            4,
            "asked",
            "We asked a question",
            now - timedelta(hours=5),
            "Review team",
            "desk",
            LONG_TEXT,
        ),
        Entry(
            5,
            "vouched",
            "The partner vouched",
            now - timedelta(minutes=3),
            LONG_NAME,
            "partner",
            LONG_WORD,
        ),
    ]


def _cards(clause: Clause, now: datetime) -> list[dict[str, Any]]:
    """One for each outcome, one with everything overlong, one with nothing that may be left out."""
    asking = {
        "why": clause.title,
        "clause": clause,
        "action_url": "#",
        "action_label": "Ask to lift the block",
        "action_note": "most are decided within 2 working days",
    }
    overlong = {
        "meaning": "open",
        "headline": "Outbound port 25 is open for this subscription",
        "way_on": LONG_TEXT,
        "since": now - timedelta(days=400),
        "why": LONG_NAME,
        "action_url": "#",
        "action_label": "See the case",
        "second_url": "#",
        "second_label": "Print the notice",
    }
    suspended = {
        "meaning": "held",
        "headline": "The exemption of this subscription is suspended",
        "stub": "Suspended",
        "port25": "blocked",
    }
    return [*({**asdict(words), **asking} for words in OUTCOME_WORDS.values()), overlong, suspended]


def _reasons() -> list[dict[str, str]]:
    return [
        {
            "code": "relay_would_do",
            "title": "An authenticated relay does what you need",
            "text": wording.RELAY,
        },
        {
            "code": "purpose_unclear",
            "title": "We could not understand the purpose",
            "text": LONG_TEXT[:200],
        },
    ]


def _notice(verb: Verb, now: datetime, text: str = "") -> dict[str, Any]:
    reason = {
        "code": "x",
        "title": "The clause of the policy",
        "text": "Port 25 is blocked, to prevent abuse.",
    }
    name = LONG_NAME if text else "Contoso lab"
    change = "Another offer: a subscription that the policy lets ask can be requested for."
    return {
        "reference": "UB-7K3M-92QX",
        "verb": str(verb),
        "headline": wording.headline(verb, name),
        "what": wording.what(verb, name),
        "since": now.isoformat(),
        "subscription": {
            "id": "8e0c1c1e-5f43-4b50-9f57-0d4f0d7b1f9b",
            "name": name,
        },
        "facts": [
            {
                "label": "Offer",
                "value": "MS-AZR-0044P",
                "source": "arm-list.json",
                "as_of": now.isoformat(),
            },
            {
                "label": "Created",
                "value": "20 Nov 2017, 09:12 UTC",
                "source": "arm-list.json",
                "as_of": now.isoformat(),
            },
        ],
        "reasons": [{**reason, "would_change": "" if text else change}],
        "text": text,
        "clause": {
            "number": "4.2",
            "title": "MSDN, Azure Pass and others, created on or after 15 November 2017",
        },
        "policy": {
            "id": "azure-2017-11-15",
            "title": "Outbound mail from virtual machines",
        },
        "unmet": [] if text else ["Your account must be at least 30 days old; it is 12 days old."],
        "ask_again_from": "" if text else (now + timedelta(days=18)).date().isoformat(),
        "is_automated": not text,
        "decided_by": "by a person" if text else "automatically, by the policy",
        "classification": "",
        "relay": wording.RELAY,
        "contest": wording.contest(verb),
    }
