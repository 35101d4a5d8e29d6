"""A queryset that is asked again and again, with other values each time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Row = Sequence[Any]
MakeRows = Callable[[Iterable[Row]], Iterable[Any]]


class Asked(Expression):
    """Stands in a queryset for a value that is named when it is asked: ``filter(pk=Asked("pk"))``."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Its place in the statement; it is its own parameter until the value is known."""
        return "%s", (self,)


class Built(Generic[M, R]):
    """A queryset that is built at its first use: ``Built(lambda: User.objects.filter(pk=Asked("pk")))``.

    Of models, or of ``values_list``, and by one statement: without ``prefetch_related``.
    """

    def __init__(self, make: Callable[[], QuerySet[M, R]]) -> None:
        self._make = make
        self._plan: _Plan | None = None

    def ask(self, **values: Any) -> list[R]:
        """The rows for these values, by one query.

        Raises ``KeyError`` where a value is missing, and what a queryset raises that locks rows
        outside of a transaction.
        """
        plan = self._plan = self._plan or _plan_of(self._make())
        connection = connections[plan.database]
        if plan.is_locking and not connection.in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [values[m.name] if isinstance(m, Asked) else m for m in plan.marks])
            return list(plan.made_of(cursor.fetchall()))

    def first(self, **values: Any) -> R | None:
        """The first row for these values, if there is one."""
        return next(iter(self.ask(**values)), None)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What Django's compiler made of a queryset: the statement, and how its rows become what was asked for."""

    sql: str
    marks: tuple[Any, ...]
    database: str
    is_locking: bool
    made_of: MakeRows


def _plan_of(queryset: QuerySet[Any, Any]) -> _Plan:
    """The compiler knows afterwards which column is which field of what.

    Raises ``TypeError`` where a queryset would answer by more than one statement.
    """
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001  # it has no public name
        raise TypeError("prefetch_related asks further statements; ask them beside this one")
    compiler = queryset.query.get_compiler(using=queryset.db)
    sql, marks = compiler.as_sql()
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    make = _MADE_OF[queryset._iterable_class](compiler)  # noqa: SLF001  # what it makes of rows has no public name

    def made_of(rows: Iterable[Row]) -> Iterable[Any]:
        return make(compiler.apply_converters(rows, converters) if converters else rows)

    return _Plan(sql, tuple(marks), queryset.db, queryset.query.select_for_update, made_of)


def _models(compiler: SQLCompiler) -> MakeRows:
    """Instances with what is annotated and joined, as ``ModelIterable`` makes them."""
    of_model: Any = compiler.klass_info
    first, last = of_model["select_fields"][0], of_model["select_fields"][-1]
    names = [column.target.attname for column, *_ in compiler.select[first : last + 1]]
    joined = get_related_populators(of_model, compiler.select, compiler.using)  # type: ignore[call-arg, arg-type]  # the stubs are of a later Django

    def made(row: Row) -> Model:
        instance: Model = of_model["model"].from_db(compiler.using, names, row[first : last + 1])
        for one in joined:
            one.populate(row, instance)
        for name, place in compiler.annotation_col_map.items():
            setattr(instance, name, row[place])
        return instance

    return lambda rows: map(made, rows)


_MADE_OF: dict[type, Callable[[SQLCompiler], MakeRows]] = {
    ModelIterable: _models,
    ValuesListIterable: lambda _: lambda rows: map(tuple, rows),
    FlatValuesListIterable: lambda _: lambda rows: (row[0] for row in rows),
}
