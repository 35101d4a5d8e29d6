"""The product's addresses, and the bare view's behind the same middleware."""

from django.urls import path

from benchmarks.http_bare import insert, insert_by_form
from benchmarks.http_cast import BARE, BY_FORM
from config import urls

urlpatterns = [path(BARE, insert), path(BY_FORM, insert_by_form), *urls.urlpatterns]
