"""Addresses of the reviewer pages."""

from django.urls import path

from cases.views.reviewer import case, checks, linked, policies, queue, rules

app_name = "review"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.next_due, name="next"),
    path("linked/<str:kind>/<path:value>/", linked.linked, name="linked"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:rule_id>/", rules.rule, name="rule"),
    path("rules/<slug:rule_id>/replay/", rules.replay, name="rule_replay"),
    path("policies/", policies.policies, name="policies"),
    path("policies/drafts/<int:draft_id>/", policies.draft, name="policy_draft"),
    path("policies/drafts/<int:draft_id>/replay/", policies.replay, name="policy_replay"),
    path("policies/<slug:version_id>/document/", policies.document, name="policy_document"),
    path("policies/<slug:version_id>/roll-back/", policies.roll_back, name="policy_roll_back"),
    path("<str:reference>/", case.case, name="case"),
    path("<str:reference>/decide/", case.decide, name="decide"),
    path("<str:reference>/preview/", case.preview, name="preview"),
    path("<str:reference>/checks/", checks.checks, name="checks"),
    path("<str:reference>/checks/<int:number>/", checks.checks_round, name="round"),
    path("<str:reference>/ask/", case.ask, name="ask"),
    path("<str:reference>/message/", case.message, name="message"),
    path("<str:reference>/note/", case.note, name="note"),
    path("<str:reference>/reopen/", case.reopen, name="reopen"),
    path("<str:reference>/clear-flag/", case.clear_flag, name="clear_flag"),
]
