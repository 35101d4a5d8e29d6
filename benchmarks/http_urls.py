"""The product's addresses, and the bare view's behind the same middleware."""

from django.urls import path

from benchmarks.http_bare import insert
from benchmarks.http_cast import BARE
from config import urls

urlpatterns = [path(BARE, insert), *urls.urlpatterns]
