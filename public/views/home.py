"""The front page, and the way from there to one's own room."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.models import DeskRole, User
from public.checker import offers_by_family
from subscriptions.policy.versions import active_policy


def front(request: HttpRequest) -> HttpResponse:
    """What this is, and "is port 25 blocked for me?"."""
    policy = active_policy()
    return render(request, "public/front.html", {"policy": policy, "groups": offers_by_family(policy)})


@login_required
def home_of_reader(request: HttpRequest) -> HttpResponse:
    """On to the room that the person works in: the desk's first, then the partner's."""
    assert isinstance(request.user, User)  # noqa: S101  # login_required says so; this tells the type
    return redirect(room_of(request.user))


def room_of(user: User) -> str:
    """The address of a person's room."""
    if user.desk_role == DeskRole.OPERATOR:
        return "/admin/"
    if user.desk_role:
        return "/review/"
    return "/partner/" if user.partner_memberships.exists() else "/requests/"
