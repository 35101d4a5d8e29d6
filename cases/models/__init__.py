"""What a case is made of."""

from cases.models.case import APPROVABLE, CLASSIFICATION, DECIDABLE_BY_RULE, Case, Flag
from cases.models.check import (
    Band,
    CaseTrait,
    CheckRound,
    CheckRun,
    Finding,
    SignalRow,
    TraitKind,
)
from cases.models.conversation import Attestation, CaseMessage, MessageKind, PrivateNote
from cases.models.decision import AGAINST, Decision, Exemption, ReasonCode, Verb
from cases.models.ledger import CaseEvent, EventKind
from cases.models.policy_draft import DraftChange, DraftState, PolicyDraft
from cases.models.rule import AutoRule, RuleChange, RuleMode, RuleTrial
from cases.models.state import EXEMPT_STATES, OPEN_STATES, State

__all__ = [
    "AGAINST",
    "APPROVABLE",
    "CLASSIFICATION",
    "DECIDABLE_BY_RULE",
    "EXEMPT_STATES",
    "OPEN_STATES",
    "Attestation",
    "AutoRule",
    "Band",
    "Case",
    "CaseEvent",
    "CaseMessage",
    "CaseTrait",
    "CheckRound",
    "CheckRun",
    "Decision",
    "DraftChange",
    "DraftState",
    "EventKind",
    "Exemption",
    "Finding",
    "Flag",
    "MessageKind",
    "PolicyDraft",
    "PrivateNote",
    "ReasonCode",
    "RuleChange",
    "RuleMode",
    "RuleTrial",
    "SignalRow",
    "State",
    "TraitKind",
    "Verb",
]
