"""Addresses of the partner pages."""

from django.urls import path

from cases.views.partner import asking, case, lists, subscription
from cases.views.readiness import of_partner

app_name = "partner"

urlpatterns = [
    path("", lists.home, name="home"),
    path("subscriptions/", lists.subscriptions, name="subscriptions"),
    path("cases/", lists.cases, name="cases"),
    path("subscription/<uuid:subscription_id>/", subscription.answer, name="subscription"),
    path("subscription/<uuid:subscription_id>/ask/", asking.ask, name="ask"),
    path("readiness/", of_partner, name="readiness"),
    path("<reference>/", case.case, name="case"),
    path("<reference>/sent/", case.sent, name="sent"),
    path("<reference>/vouch/", case.vouch, name="vouch"),
    path("<reference>/decline/", case.decline, name="decline"),
    path("<reference>/answer/", case.answer, name="answer"),
    path("<reference>/message/", case.message, name="message"),
    path("<reference>/withdraw/", case.withdraw, name="withdraw"),
]
