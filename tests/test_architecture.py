"""The rules that the code is written by, where no tool of ``make check`` holds them."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.conf import settings

import cases.actions
from cases.event_words import WORDS
from cases.models import Case, EventKind

APPS = (
    "statements",
    "people",
    "subscriptions",
    "lookups",
    "outbox",
    "cases",
    "front",
    "api",
    "demo",
    "config",
    "engines",
)
ROOT: Path = settings.BASE_DIR
VERBS = {each.name for each in Case().get_all_state_transitions()}  # type: ignore[attr-defined]  # by FSMField


@cache
def sources() -> dict[str, ast.Module]:
    """Our Python by its path, without what Django writes."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def found(is_it: Callable[[ast.AST], bool], *, below: str = "", but: tuple[str, ...] = ()) -> list[str]:
    """Where it stands, as ``path:line``."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in sources().items()
        if path.startswith(below) and path not in but
        for node in ast.walk(tree)
        if is_it(node)
    ]


def calls(*names: str) -> Callable[[ast.AST], bool]:
    """A call of a method of that name."""
    return lambda node: (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    )


def actions() -> Iterator[tuple[str, inspect.Signature]]:
    """Every function that changes a case: those that are given a case's reference, or a subscription's id."""
    for module in pkgutil.iter_modules(cases.actions.__path__):
        loaded = importlib.import_module(f"cases.actions.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            signature = inspect.signature(function)
            first = next(iter(signature.parameters), "")
            if function.__module__ == loaded.__name__ and first in ("reference", "subscription_id"):
                yield f"{module.name}.{name}", signature


def test_the_actions_are_there_to_be_looked_at() -> None:
    assert {name.split(".")[1] for name, _ in actions()} >= {"ask_to_lift", "vouch", "approve", "withdraw"}


@pytest.mark.parametrize("name", [name for name, _ in actions()])
def test_every_action_names_its_actor(name: str) -> None:
    """By keyword, and never left out: the system is an actor too. No action knows of a request."""
    signature = dict(actions())[name]
    by = signature.parameters["by"]
    assert by.kind == inspect.Parameter.KEYWORD_ONLY
    assert by.default is inspect.Parameter.empty
    assert not {"request", "user"} & set(signature.parameters)


def test_only_the_machine_takes_a_verb() -> None:
    """A verb is a method of a case, and django-fsm asks no permission when one is called."""

    def on_a_case(node: ast.AST) -> bool:
        return calls(*VERBS)(node) and "case" in ast.unparse(node.func.value)  # type: ignore[attr-defined]  # a call

    def by_its_name(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr(case, verb)"

    assert found(on_a_case) == []
    assert [where.partition(":")[0] for where in found(by_its_name)] == ["cases/machine.py"]


def test_only_the_ledger_writes_a_cases_state() -> None:
    def assigns(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)

    def updates(node: ast.AST) -> bool:
        return calls("update", "create", "filter_update")(node) and any(
            keyword.arg == "state"
            for keyword in node.keywords  # type: ignore[attr-defined]  # a call
        )

    assert found(assigns, below="cases/", but=(DRAFTS,)) == []
    assert found(updates, below="cases/", but=(DRAFTS,)) == []


DRAFTS = "cases/actions/policies.py"
"""A draft of a policy has a state of its own."""


def test_nothing_happens_behind_a_save() -> None:
    """No signals of Django's, and no work in ``save()``: what an action does stands in the action."""

    def imports_signals(node: ast.AST) -> bool:
        module = (getattr(node, "module", "") or "") if isinstance(node, ast.ImportFrom) else ""
        return module == "django.dispatch" or re.match(r"(django|celery)\b.*\bsignals\b", module) is not None

    def overrides_save(node: ast.AST) -> bool:
        return isinstance(node, ast.FunctionDef) and node.name in ("save", "delete", "full_clean")

    assert found(imports_signals, but=CELERYS) == []
    assert found(overrides_save) == []


CELERYS = ("config/celery.py", "config/logs.py")
"""Celery tells of its processes by signals of its own."""


def test_views_change_nothing_themselves() -> None:
    def opens_a_transaction(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr == "atomic"

    writes = calls(
        "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"
    )
    for room in ("cases/views/", "api/"):
        assert found(writes, below=room) == []
        assert found(opens_a_transaction, below=room) == []


def test_only_what_cannot_be_told_is_told_to_nobody() -> None:
    of_the_desk = {EventKind.NOTE, EventKind.FLAG_CLEARED, EventKind.CHECKS_STARTED, EventKind.CHECKS_ENDED}
    told = {kind for kind, words in WORDS.items() if words.mails}
    assert set(EventKind) - told == {EventKind.SUBMITTED, *of_the_desk}


def lengths() -> list[int]:
    """The lines of every function, its docstring with it."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in sources().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]


def test_functions_are_short() -> None:
    assert median(lengths()) <= 9
    assert quantiles(lengths(), n=10)[-1] < 30


def test_files_are_short() -> None:
    """Those of the tests and the benchmarks, too."""
    others = [path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    files = [*(ROOT / path for path in sources()), *others]
    assert [str(path) for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []
