"""What exports bring, by the real imports: fresh facts each week, and three changed offers."""

from itertools import groupby
from operator import itemgetter

from cases.actions.system import note_offer_changes
from demo.billing import bring_facts, take_in
from demo.stage import Stage, Story
from subscriptions.models import Subscription

COLUMNS = "subscription_id,offer_id,quota_id"
PAY_AS_YOU_GO = ("MS-AZR-0003P", "PayAsYouGo_2014-09-01")
VISUAL_STUDIO = ("MS-AZR-0063P", "MSDN_2014-09-01")


def facts_arrive_each_week(stage: Stage) -> Story:
    """The same facts, confirmed anew, and those of accounts opened since."""
    for days in (29, 24, 19, 14, 9, 4, 1):
        yield stage.workdays_ago(days, "02:10")
        _exports_confirm()
        bring_facts(stage.today)


def offers_change(stage: Stage) -> Story:
    """One correction that a customer waited for, one mistake, one true change."""
    yield stage.workdays_ago(12, "02:20")
    _export_says(stage, "fjordlight.audiobooks", PAY_AS_YOU_GO)
    yield stage.workdays_ago(7, "02:20")
    _export_says(stage, "brightwater.absences", VISUAL_STUDIO)
    _export_says(stage, "fjordlight.christmas", VISUAL_STUDIO)
    yield stage.workdays_ago(5, "02:20")
    _export_says(stage, "brightwater.absences", PAY_AS_YOU_GO)


def _exports_confirm() -> None:
    """Each system tells of the subscriptions that it told of before, as it did."""
    told = Subscription.objects.order_by("source", "pk").values_list("source", "pk", "offer_id", "quota_id")
    for source, rows in groupby(told, key=itemgetter(0)):
        lines = (f"{pk},{offer_id},{quota_id}" for _, pk, offer_id, quota_id in rows)
        take_in("import_subscriptions", COLUMNS, *lines, source=source)


def _export_says(stage: Stage, key: str, offer: tuple[str, str]) -> None:
    """One line of an export, taken in as an operator would, and noted as the sweep does."""
    line = ",".join([str(stage.subscription(key)), *offer])
    take_in("import_subscriptions", COLUMNS, line)
    note_offer_changes()


STORIES = (facts_arrive_each_week, offers_change)
