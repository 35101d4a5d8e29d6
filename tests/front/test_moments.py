"""Times as people read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from front.moments import age as in_short
from front.moments import as_moment, relative, written, written_day
from front.templatetags.desk import age, day, near, when

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "Thu 26 Nov 2026, 13:00 UTC"),
        ("Europe/Berlin", "Thu 26 Nov 2026, 14:00 CET"),
        ("America/Sao_Paulo", "Thu 26 Nov 2026, 10:00 UTC-03"),
        ("Pacific/Auckland", "Fri 27 Nov 2026, 02:00 NZDT"),
    ],
)
def test_a_time_is_in_the_readers_zone_and_names_it(zone: str, expected: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert written(datetime(2026, 11, 26, 13, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        (timedelta(days=2), "in 2 days"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(hours=23, minutes=50), "in 1 day"),
        (timedelta(minutes=59, seconds=40), "in 1 hour"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(minutes=-3), "3 minutes ago"),
        (timedelta(seconds=20), "now"),
        (timedelta(days=400), ""),
    ],
)
def test_relative(away: timedelta, expected: str) -> None:
    assert relative(NOON + away, NOON) == expected


@pytest.mark.parametrize(
    ("away", "short", "long"),
    [
        (timedelta(days=2, hours=15), "3 d", "3 days ago"),
        (timedelta(days=2, hours=9), "2 d", "2 days ago"),
        (timedelta(hours=23, minutes=50), "1 d", "1 day ago"),
        (timedelta(minutes=59, seconds=40), "1 h", "1 hour ago"),
        (timedelta(seconds=20), "now", "now"),
    ],
)
def test_an_age_is_counted_as_the_time_ago_is(away: timedelta, short: str, long: str) -> None:
    """The queue's "3 d late" and the customer's "3 days ago" are of one case."""
    assert (in_short(NOON - away, NOON), relative(NOON - away, NOON)) == (short, long)


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (datetime.min.replace(tzinfo=UTC), "America/Los_Angeles"),
        (datetime.max.replace(tzinfo=UTC), "Asia/Tokyo"),
    ],
)
def test_the_ends_of_the_calendar_are_in_utc_where_the_zone_has_none(moment: datetime, zone: str) -> None:
    with timezone.override(zone):
        assert written(moment).endswith(" UTC")


@time_machine.travel(NOON, tick=False)
def test_filters_give_the_machine_its_form_in_utc() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        due = NOON + timedelta(days=2)
        assert 'datetime="2026-11-26T12:00:00+00:00"' in when(due)
        assert "Thu 26 Nov 2026, 13:00 CET" in when(due.isoformat())
        assert ">in 2 days<" in near(due)
        assert ">5 h<" in age(NOON - timedelta(hours=5))


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_time_is_nothing(nothing: str | None) -> None:
    assert when(nothing) == near(nothing) == age(nothing) == day(nothing) == ""


def test_a_creation_is_a_day_in_utc_for_everybody() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert "15 Nov 2017" in day(datetime(2017, 11, 15, 20, tzinfo=UTC))
    assert "15 Nov 2017" in day("2017-11-15")
    assert written_day(date(2017, 11, 15)) == "15 Nov 2017"


def test_what_is_no_time_is_none() -> None:
    assert as_moment("soon") is None


def test_the_cookie_chooses_the_zone(client: Client) -> None:
    client.cookies["tz"] = "Europe%2FBerlin"
    assert 'data-zone="Europe/Berlin"' in client.get("/").content.decode()


@pytest.mark.parametrize("cookie", ["", "Mars/Base", "../../etc/passwd", "Europe", "\x00", "x" * 3000])
def test_a_cookie_that_is_no_zone_is_utc(client: Client, cookie: str) -> None:
    client.cookies["tz"] = cookie
    assert 'data-zone="UTC"' in client.get("/").content.decode()
