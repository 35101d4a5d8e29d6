"""The front page, and the way from there to one's own room."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from front.checker import CheckerForm
from front.policy_table import table_of
from people.models import DeskRole, User
from subscriptions.policy.versions import active_policy


def front(request: HttpRequest) -> HttpResponse:
    """What this is, and "is port 25 blocked for me?"."""
    policy = active_policy()
    return render(
        request,
        "front/front.html",
        {"policy": policy, "form": CheckerForm(policy=policy), "table": table_of(policy)},
    )


@login_required
def home_of_reader(request: HttpRequest) -> HttpResponse:
    """On to the room that the person works in: the desk's first, then the partner's."""
    return redirect(room_of(cast(User, request.user)))


def room_of(user: User) -> str:
    """The address of a person's room."""
    if user.desk_role == DeskRole.OPERATOR:
        return "/admin/"
    if user.desk_role:
        return "/review/"
    return "/partner/" if user.partner_memberships.exists() else "/requests/"
