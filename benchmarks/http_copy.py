"""Writing many rows at once: PostgreSQL's COPY, with every trigger and constraint at work."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model, QuerySet


def copy_rows(rows: Sequence[Model], *, with_ids: bool = False) -> None:
    """Write rows of one model in their order; without their ids the database gives them."""
    if not rows:
        return
    table = rows[0]._meta  # noqa: SLF001  # documented by Django
    fields = [field for field in table.concrete_fields if with_ids or not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    copying = f"COPY {table.db_table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            values = [(field, getattr(row, field.attname)) for field in fields]
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in values])


def number_on(rows: QuerySet[Any]) -> None:
    """Let the database's own numbering go on behind the ids that were given."""
    table = rows.model._meta.db_table  # noqa: SLF001  # documented by Django
    highest = rows.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, highest])
