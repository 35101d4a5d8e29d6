"""Versions: loaded once, never changed, one in force."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from subscriptions.models import PolicyVersion
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import (
    NoPolicy,
    active_policy,
    load_policy,
    load_shipped_policies,
    policy_version,
    shipped_policies,
)
from tests.subscriptions.policy.documents import AZURE, CORNERS, SHIPPED_IDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def corners_file(tmp_path: Path) -> Path:
    path = tmp_path / "corners.yaml"
    path.write_text(CORNERS, encoding="utf-8")
    return path


def test_loading_the_same_file_twice_changes_nothing(corners_file: Path) -> None:
    first = load_policy(corners_file)
    before = PolicyVersion.objects.values().get(pk="corners")
    second = load_policy(corners_file)
    assert (first.is_new, second.is_new) == (True, False)
    assert second.version == first.version
    assert PolicyVersion.objects.values().get(pk="corners") == before
    assert before["document"] == CORNERS
    assert before["effective_from"] == datetime(2019, 6, 1, 12, tzinfo=UTC)


def test_another_document_under_a_used_id_is_refused(corners_file: Path) -> None:
    load_policy(corners_file)
    corners_file.write_text(CORNERS.replace("title: Every corner", "title: Other corners"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"corners\.yaml: id: corners is loaded already.* an id of its own"):
        load_policy(corners_file)
    assert policy_version("corners").title == "Every corner"


def test_two_versions_cannot_come_into_force_at_once(corners_file: Path) -> None:
    load_policy(corners_file)
    corners_file.write_text(CORNERS.replace("id: corners", "id: rivals"), encoding="utf-8")
    with pytest.raises(PolicyError, match="effective_from: corners comes into force at that instant"):
        load_policy(corners_file)


def test_a_bad_document_leaves_nothing_behind(corners_file: Path) -> None:
    corners_file.write_text(CORNERS.replace("clause: 1.10", "clause: 9"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"corners\.yaml:\d+: rules\[2\]\.clause: 9 is not there"):
        load_policy(corners_file)
    corners_file.write_bytes(b"id: \xff\n")
    with pytest.raises(PolicyError, match=r"corners\.yaml: byte 4 is not UTF-8"):
        load_policy(corners_file)
    assert not PolicyVersion.objects.filter(pk="corners").exists()


def test_a_weight_of_what_no_check_finds_is_refused_with_line_and_key(corners_file: Path) -> None:
    weights = "antifraud:\n  weights:\n    identity: 30\n    identiy: 40\n"
    corners_file.write_text(f"{CORNERS}\n{weights}", encoding="utf-8")
    line = corners_file.read_text(encoding="utf-8").splitlines().index("    identiy: 40") + 1
    told = rf"^corners\.yaml:{line}: antifraud\.weights\.identiy: no check finds it; allowed are: .*identity,"
    with pytest.raises(PolicyError, match=told):
        load_policy(corners_file)
    assert not PolicyVersion.objects.filter(pk="corners").exists()


def test_a_version_stays_when_a_check_goes(corners_file: Path) -> None:
    corners_file.write_text(f"{CORNERS}\nantifraud: {{weights: {{identity: 30}}}}\n", encoding="utf-8")
    load_policy(corners_file)
    with override_settings(WEIGHTED_PARTS="builtins.frozenset"):  # no check is left
        assert not load_policy(corners_file).is_new
    assert policy_version("corners").antifraud.weights == {"identity": 30}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subscriptions_policyversion SET document = 'id: corners' WHERE id = 'corners'",
        "UPDATE subscriptions_policyversion SET effective_from = NULL WHERE id = 'corners'",
        "UPDATE subscriptions_policyversion SET id = 'squares' WHERE id = 'corners'",
        "DELETE FROM subscriptions_policyversion WHERE id = 'corners'",
    ],
)
def test_the_database_refuses_to_change_a_version(corners_file: Path, statement: str) -> None:
    load_policy(corners_file)
    with (
        pytest.raises(DatabaseError, match="of policy corners is refused: a version stays as it was loaded"),
        transaction.atomic(),
        transaction.get_connection().cursor() as cursor,
    ):
        cursor.execute(statement)
    assert PolicyVersion.objects.get(pk="corners").document == CORNERS


def test_the_latest_that_has_come_into_force_is_active(corners_file: Path) -> None:
    load_shipped_policies()
    load_policy(corners_file)
    assert active_policy(datetime(2019, 6, 1, 11, 59, 59, tzinfo=UTC)).id == AZURE
    assert active_policy(datetime(2019, 6, 1, 12, tzinfo=UTC)).id == "corners"
    assert active_policy().id == "corners"
    with pytest.raises(NoPolicy, match=r"load the shipped ones with: manage.py load_shipped"):
        active_policy(datetime(2017, 11, 14, tzinfo=UTC))


def test_the_shipped_policies_load_once() -> None:
    load_shipped_policies()
    again = load_shipped_policies()
    assert [(loaded.version.id, loaded.is_new) for loaded in again] == [
        (known, False) for known in SHIPPED_IDS
    ]
    assert [path.stem for path in shipped_policies()] == list(SHIPPED_IDS)


def test_a_version_is_read_by_one_query_and_parsed_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load_shipped_policies()
    policy = active_policy()
    with django_assert_num_queries(1):
        assert active_policy() is policy
    with django_assert_num_queries(1):
        assert policy_version(policy.id) is policy


@pytest.mark.parametrize("version_id", ["nope", "", "No Such", "a\x00b", "x" * 500])
def test_an_unknown_version_is_answered_with_those_there_are(version_id: str) -> None:
    load_shipped_policies()
    with pytest.raises(NoPolicy, match=r"there is: .*azure-2017-11-15, example-first-invoice"):
        policy_version(version_id)
