"""The JSON API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
