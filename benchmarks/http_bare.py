"""The least that a Django view can do with the database: insert one row, and commit it."""

from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from benchmarks.http_cast import ALONE


class Row(models.Model):
    """The row."""

    text = models.TextField()
    at = models.DateTimeField()
    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        app_label = "benchmarks"
        db_table = "bare"
        managed = False

    def __str__(self) -> str:
        return self.text


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """One row from one field of the form."""
    row = Row.objects.create(text=request.POST["text"], at=timezone.now())
    return HttpResponse(f"Row {row.pk}", status=201)


class RowForm(forms.Form):
    """The one field."""

    text = forms.CharField()


@login_required
def insert_by_form(request: HttpRequest) -> HttpResponse:
    """One row by somebody signed in, from a form with its token: the least that such a page costs."""
    form = RowForm(request.POST)
    form.is_valid()
    Row.objects.create(text=form.cleaned_data["text"], at=timezone.now())
    return redirect("/")


def without_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers for the bare view before any middleware of the product is asked."""

    def answer(request: HttpRequest) -> HttpResponse:
        return insert(request) if request.path_info == ALONE else get_response(request)

    return answer
