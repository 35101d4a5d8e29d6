"""New rows, written by a statement whose text is built once for a model and a number of rows."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, JSONField, Model
from django.db.models.fields import NOT_PROVIDED

PLAIN = frozenset({str, int, bool, type(None)})
"""What PostgreSQL is sent as it is; a subclass, such as a choice, is not."""


def write(rows: Sequence[Model]) -> None:
    """Insert the rows, all of one model, in their order; each knows its key then.

    As ``bulk_create``. Columns that have a default of the database's own take that.
    """
    for row, (key,) in zip(rows, _insert(rows, 'RETURNING "{key}"'), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  # as ``save`` does


def write_or_leave(rows: Sequence[Model]) -> None:
    """As ``write``, but a row whose unique value is there already is left out, and no key is known."""
    _insert(rows, "ON CONFLICT DO NOTHING")


def _insert(rows: Sequence[Model], ending: str) -> list[tuple[Any, ...]]:
    if not rows:
        return []
    model = type(rows[0])
    values = [_prepared(field, field.pre_save(row, add=True)) for row in rows for field in _fields(model)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, len(rows), ending), values)
        return cursor.fetchall() if cursor.description else []


def _prepared(field: "Field[Any, Any]", value: Any) -> Any:
    """As the field would have it; most values are so already, and asking it costs more than sending them."""
    if type(value) in PLAIN and not isinstance(field, JSONField):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    fields = model._meta.concrete_fields  # noqa: SLF001  # documented by Django
    return [
        field for field in fields if not isinstance(field, AutoField) and field.db_default is NOT_PROVIDED
    ]


@cache
def _statement(model: type[Model], number: int, ending: str) -> str:
    meta = model._meta  # noqa: SLF001  # documented by Django
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    places = ", ".join(["(" + ", ".join(["%s"] * len(_fields(model))) + ")"] * number)
    returned = ending.format(key=meta.pk.column)
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {places} {returned}'  # noqa: S608  # nosec B608  # names of ours alone
