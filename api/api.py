"""The JSON API, version 1: the same functions and actions that the pages call."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from api.eligibility import router as eligibility
from cases.refusals import Refusal
from subscriptions.policy.facts import FactError
from subscriptions.policy.versions import NoPolicy

# The interactive docs load scripts from elsewhere, which our Content-Security-Policy refuses;
# the description itself is at /api/v1/openapi.json.
api = NinjaAPI(title="Unblock Desk", version="1", docs_url=None, urls_namespace="api")
api.add_router("/eligibility", eligibility)


@api.exception_handler(FactError)
def bad_fact(request: HttpRequest, error: FactError) -> HttpResponse:
    """A fact that cannot be read: which, why, and what would do."""
    return api.create_response(request, {"field": error.field, "error": error.reason}, status=400)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """What an action answers instead of acting."""
    return api.create_response(request, {"error": error.message}, status=error.status)


@api.exception_handler(NoPolicy)
def not_set_up(request: HttpRequest, error: NoPolicy) -> HttpResponse:
    """No policy is in force: nothing can be answered until one is loaded."""
    return api.create_response(request, {"error": str(error)}, status=503)
