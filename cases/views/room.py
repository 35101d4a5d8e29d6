"""What the rooms share: who is there, and who may enter."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from cases.actors import Actor
from cases.refusals import WrongRoom

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
MayEnter = Callable[[Actor], bool]


def room(
    may_enter: MayEnter, refusal: str
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A view that takes the signed-in actor after the request; others are refused with 403."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = Actor.of(request.user)
            if not may_enter(actor):
                raise WrongRoom(refusal)
            return view(request, actor, *args, **kwargs)

        return login_required(enter)

    return decorate


customer_room = room(lambda actor: bool(actor.customers), "These pages are for customers.")
partner_room = room(lambda actor: bool(actor.partners), "These pages are for partners.")
desk_room = room(lambda actor: actor.may_read_desk, "These pages are for the review team.")
