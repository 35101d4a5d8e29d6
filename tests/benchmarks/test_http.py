"""The worlds and the clients of the HTTP benchmarks work, on a database of their own. No time is judged."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks.bench import Bench, environment
from benchmarks.http_cast import OWNER, submitter
from benchmarks.http_client import Browser, Request
from benchmarks.http_load import Reader, crowd
from benchmarks.http_server import server
from benchmarks.http_world import World
from benchmarks.process import manage, python

CASES = 60
STATES = "SELECT DISTINCT state FROM cases_case"
ASKED = (
    "SELECT count(*) FROM cases_case WHERE submitted_by_id = (SELECT id FROM people_user WHERE email = %s)"
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small world; that its ledger verifies is asked when it is filled."""
    bench = Bench(tmp_path_factory.mktemp("bench"), os.environ["DATABASE_URL"], 0, 1)
    with bench.database("http_test") as url:
        child = ("-m", "benchmarks.http_child", "http_seed", str(CASES))
        python(*child, environment=environment(url))
        manage("verify_ledger", environment=environment(url))
        manage("collectstatic", "--no-input", "--verbosity", "0", environment=environment(url))
        yield url


def test_a_world_has_cases_of_many_states(database: str) -> None:
    with psycopg.connect(database) as connection:
        states = {state for (state,) in connection.execute(STATES)}
    assert states >= {"in_review", "rejected", "approved", "denied"}


def test_queries_do_not_grow_with_rows_and_a_submission_takes_ten(database: str, tmp_path: Path) -> None:
    file = tmp_path / "counted"
    python("-m", "benchmarks.http_child", "http_queries", environment=environment(database), output=file)
    *pages, submission = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(pages) == 4
    assert all(page["number"] == page["beside"] for page in pages), pages
    assert 0 < submission["number"] <= 10


def test_clients_read_and_submit_as_browsers_do(database: str, tmp_path: Path) -> None:
    with server(database, tmp_path / "web.log") as (port, web), crowd() as people:
        world = World(database, CASES, port, web)
        for browser, path in world.pages.values():
            assert "Sign out" in browser.send(Request(path))
        asking = Browser(port).sign_in(submitter(0))
        asking.close()
        outcome = people.rush([Reader(asking, "submit")], 1.0)
        with pytest.raises(RuntimeError, match="answered 404"):
            Browser(port).sign_in(OWNER).send(Request("/requests/UB-0000-0000/"))
    with psycopg.connect(database) as connection:
        row = connection.execute(ASKED, [submitter(0)]).fetchone()
    assert row == (outcome.following[0],)
