"""Where the pages of ``/admin/`` are, and what they are of."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cases.models import ReasonCode
from people.models import User
from subscriptions.models import Customer, Partner
from tests.world import World

EDITED = {User, Customer, Partner, ReasonCode}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
RECORDS = [model for model in REGISTERED if model not in EDITED]
CANARY = "canary-4711"


def address(model: type[Model], page: str = "changelist", pk: Any = None) -> str:
    meta = model._meta
    arguments = [pk] if pk is not None else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=arguments)


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def row_of(model: type[Model]) -> Model:
    row = model._default_manager.order_by("pk").first()
    assert row is not None, f"no {model._meta.label} in the world"
    return row
