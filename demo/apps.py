"""The demo world, and what only demo mode shows."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
