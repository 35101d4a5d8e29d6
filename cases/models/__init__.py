"""What a case is made of."""

from cases.details import Checked, MailKind
from cases.models.case import APPROVABLE, CLASSIFICATION, Case, Flag
from cases.models.conversation import Attestation, CaseMessage, MessageKind, PrivateNote
from cases.models.decision import Decision, Exemption, ReasonCode, Verb
from cases.models.ledger import CaseEvent, EventKind
from cases.models.state import EXEMPT_STATES, OPEN_STATES, State

__all__ = [
    "APPROVABLE",
    "CLASSIFICATION",
    "EXEMPT_STATES",
    "OPEN_STATES",
    "Attestation",
    "Case",
    "CaseEvent",
    "CaseMessage",
    "Checked",
    "Decision",
    "EventKind",
    "Exemption",
    "Flag",
    "MailKind",
    "MessageKind",
    "PrivateNote",
    "ReasonCode",
    "State",
    "Verb",
]
