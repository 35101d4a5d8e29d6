"""Policies for tests: those that are shipped, and one made up to reach every corner."""

from functools import lru_cache

from subscriptions.policy.document import Policy
from subscriptions.policy.reader import read_policy
from subscriptions.policy.versions import SHIPPED

AZURE = "azure-2017-11-15"
SHIPPED_IDS = (AZURE, "example-first-invoice", "example-paid-1000", "example-qualified")

CORNERS = """\
id: corners
title: Every corner
summary: Conditions on one side of a cut-off at midday, two thresholds for one fact.
source: Made up
effective_from: 2019-06-01T12:00:00Z
cut_off: 2019-06-01T14:00:00+02:00
service: {decision_within_working_days: 2, partner_within_working_days: 5, answer_within_days: 14}
families: {free: Free, basic: Basic, gold: Gold}
offers:
  - {id: F-1, name: Free, quota_id: Q-Free, family: free}
  - {id: B-1, name: Basic, quota_id: Q-Shared, family: basic}
  - {id: G-1, name: Gold, quota_id: Q-Shared, family: gold}
  - {id: X-1, name: Lab, quota_id: Q-Lab}
clauses:
  - {number: 1, title: One, text: Text of one., citation: Here}
  - {number: 1.10, title: Ten, text: Text of ten., citation: There}
key_clauses: {relay: 1, delivery: 1, exemption: 1, revocation: 1, undecided: 1.10}
rules:
  - {id: early, families: [free, basic, gold], created: before, outcome: not_blocked, clause: 1}
  - id: late-free
    families: [free]
    created: from
    requires: {account_age_days: 90, paid_invoices: 3, identity_verified: yes}
    outcome: via_partner
    otherwise: never
    clause: 1
  - id: late-basic
    families: [basic]
    created: from
    requires: {account_age_days: 30, paid_invoices: 1}
    outcome: may_request
    clause: 1.10
  - id: late-gold
    families: [gold]
    created: from
    requires: {paid_total_usd: 1000}
    outcome: may_request
    clause: 1.10
"""


@lru_cache
def shipped(version_id: str) -> Policy:
    """A shipped policy, read from its file."""
    return read_policy((SHIPPED / f"{version_id}.yaml").read_text(encoding="utf-8"), version_id)


@lru_cache
def corners() -> Policy:
    """The made-up policy."""
    return read_policy(CORNERS, "corners.yaml")
