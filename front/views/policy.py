"""``/policy/``: the rules as a page, from the very version that decides."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from front.policy_table import offers_by_family, sections_of, table_of, versions
from subscriptions.policy.document import Policy
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version


def active(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    return _page(request, active_policy())


def version(request: HttpRequest, version_id: str) -> HttpResponse:
    """One version by its id, examples included."""
    try:
        return _page(request, policy_version(version_id))
    except NoPolicy as error:
        raise Http404(str(error)) from None


def _page(request: HttpRequest, policy: Policy) -> HttpResponse:
    others = versions()
    context = {
        "policy": policy,
        "table": table_of(policy),
        "sections": sections_of(policy),
        "offers": offers_by_family(policy),
        "versions": others,
        "place": next(version.place for version in others if version.id == policy.id),
    }
    return render(request, "front/policy.html", context)
