"""A queryset that is asked again and again, with other values each time."""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Statement = tuple[str, tuple[Any, ...]]


class Asked(Expression):
    """Stands in a queryset for a value that is named when it is asked: ``filter(pk=Asked("pk"))``."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Statement:
        """Its place in the statement; it is its own parameter until the value is known."""
        return "%s", (self,)


class Built(Generic[M, R]):
    """A queryset that is built at its first use: ``Built(lambda: User.objects.filter(pk=Asked("pk")))``."""

    def __init__(self, make: Callable[[], QuerySet[M, R]]) -> None:
        self._make = make
        self._built: tuple[QuerySet[M, R], SQLCompiler, Statement] | None = None

    def ask(self, **values: Any) -> list[R]:
        """The rows for these values, by one query.

        Raises ``KeyError`` where a value is missing, and what a queryset raises that locks rows
        outside of a transaction.
        """
        queryset, compiler, (sql, marks) = self._built = self._built or _build(self._make())
        given = tuple(values[mark.name] if isinstance(mark, Asked) else mark for mark in marks)
        return list(_answered_by(_with_statement(compiler, (sql, given)), queryset))

    def first(self, **values: Any) -> R | None:
        """The first row for these values, if there is one."""
        return next(iter(self.ask(**values)), None)


def _build(queryset: QuerySet[M, R]) -> tuple[QuerySet[M, R], SQLCompiler, Statement]:
    """Django's compiler knows afterwards which column is which field of what."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    sql, marks = compiler.as_sql()
    return queryset, compiler, (sql, tuple(marks))


def _with_statement(compiler: SQLCompiler, statement: Statement) -> SQLCompiler:
    """The same compiler, on this thread's connection, that builds nothing any more."""
    built = copy(compiler)
    built.connection = connections[compiler.using or DEFAULT_DB_ALIAS]
    if built.query.select_for_update and not built.connection.in_atomic_block:
        raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
    built.as_sql = lambda *_, **__: statement  # type: ignore[method-assign]  # the point of it
    return built


def _answered_by(compiler: SQLCompiler, queryset: QuerySet[M, R]) -> QuerySet[M, R]:
    """The same queryset, unread, which makes its rows from what the compiler brings."""
    asked = queryset.all()
    asked.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # as above
    return asked
