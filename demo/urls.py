"""Addresses that demo mode alone has."""

from django.urls import URLPattern, path

from demo.components import components

urlpatterns: list[URLPattern] = [path("components/", components, name="components")]
