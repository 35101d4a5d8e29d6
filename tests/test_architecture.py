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


CELERYS = ("config/celery.py", "config/logs.py", "config/tasks.py")
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


CONNECTING = frozenset({
    "socket", "socketserver", "ssl", "asyncio", "select", "selectors", "subprocess", "dns", "dnslib",
    "httpx", "httpcore", "requests", "urllib3", "aiohttp", "urllib.request", "http.client", "http.server",
    "xmlrpc", "ftplib", "imaplib", "poplib", "smtplib", "telnetlib", "nntplib", "webbrowser",
    "multiprocessing", "redis", "valkey", "django.core.mail", "imap_tools", "aiosmtpd", "websockets",
    "paramiko",
})  # fmt: skip
"""What opens connections, or starts a program that could."""

ASKS_THE_WORLD = "lookups/"
MAY_CONNECT = {
    "outbox/": "mail leaves here",
    "engines/": "it starts the servers, and looks whether they answer",
    "demo/outside.py": "the demo's own name server and registry, on loopback",
    "config/health.py": "it asks the operator's own Redis whether it is there",
}


def imported(node: ast.AST) -> set[str]:
    """The modules that an import names; of ``from a import b`` both ``a`` and ``a.b``."""
    if isinstance(node, ast.Import):
        return {each.name for each in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return set()


def connects(node: ast.AST) -> bool:
    return any(f"{name}.".startswith(f"{each}.") for name in imported(node) for each in CONNECTING)


def test_nothing_but_the_look_ups_and_the_outbox_opens_connections() -> None:
    """Whatever a customer names is asked of DNS and RDAP by ``lookups`` alone, which never dials it."""
    found_in = {where.partition(":")[0] for where in found(connects)}
    elsewhere = {path for path in found_in if not path.startswith((ASKS_THE_WORLD, *MAY_CONNECT))}
    assert elsewhere == set()
    assert all(any(path.startswith(place) for path in found_in) for place in MAY_CONNECT), "none is left over"


def test_the_look_ups_connect_in_two_places() -> None:
    """Names are asked for by one resolver, and HTTP goes through the guard: others use their words at most."""

    def uses(*names: str) -> Callable[[ast.AST], bool]:
        return lambda node: isinstance(node, ast.Attribute) and ast.unparse(node) in names

    asks = uses("dns.resolver.Resolver", "dns.query", "dns.asyncresolver", "dns.nameserver.Do53Nameserver")
    opens = uses("httpx.Client", "httpx.get", "httpx.request", "httpx.stream", "httpx.HTTPTransport")
    reads = uses("httpcore.SyncBackend", "httpcore.ConnectionPool", "httpcore.request")
    for is_it, only in (
        (asks, "lookups/dns.py"),
        (opens, "lookups/guarded.py"),
        (reads, "lookups/guarded.py"),
    ):
        assert {where.partition(":")[0] for where in found(is_it)} == {only}
    from_them = found(lambda node: isinstance(node, ast.ImportFrom) and connects(node), below=ASKS_THE_WORLD)
    assert from_them == [], "by their whole names, so that this test sees them"


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
