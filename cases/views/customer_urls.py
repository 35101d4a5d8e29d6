"""Addresses of the customer pages."""

from django.urls import path

from cases.views.customer import asking, case, home, subscription
from cases.views.readiness import of_customer

app_name = "customer"

urlpatterns = [
    path("", home.home, name="home"),
    path("subscription/<uuid:subscription_id>/", subscription.answer, name="subscription"),
    path("subscription/<uuid:subscription_id>/ask/", asking.ask, name="ask"),
    path("subscription/<uuid:subscription_id>/record/", asking.record, name="record"),
    path("readiness/", of_customer, name="readiness"),
    path("<reference>/", case.case, name="case"),
    path("<reference>/sent/", case.sent, name="sent"),
    path("<reference>/answer/", case.answer, name="answer"),
    path("<reference>/message/", case.message, name="message"),
    path("<reference>/withdraw/", case.withdraw, name="withdraw"),
]
