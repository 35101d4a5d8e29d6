"""Addresses that everybody may open, and the way home for who is signed in."""

from django.urls import path

from front.views import appearance, eligibility, home, policy, relay

urlpatterns = [
    path("", home.front, name="front"),
    path("eligibility/", eligibility.eligibility, name="eligibility"),
    path("policy/", policy.active, name="policy"),
    path("policy/<slug:version_id>/", policy.version, name="policy_version"),
    path("relay/", relay.relay, name="relay"),
    path("home/", home.home_of_reader, name="home_of_reader"),
    path("appearance/", appearance.appearance, name="appearance"),
]
