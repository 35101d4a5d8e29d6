"""Addresses that demo mode alone has."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
