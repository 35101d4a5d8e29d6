"""One batch inside its transaction: staged, planned, and written where it is no dry run."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string

from subscriptions.imports import statements as sql
from subscriptions.imports.entries import Refused, Row, Skipped
from subscriptions.imports.staging import Staged
from subscriptions.imports.terms import Addition, Change, Rules, Taken, Terms
from subscriptions.models import Customer, Partner
from subscriptions.policy.allowed import allowed_by
from subscriptions.policy.facts import Facts

COUNTED = ("new", "changed", "unchanged", "judged_anew")


class Batch(Staged):
    """``number`` counts the batches of one file."""

    def __init__(self, cursor: CursorWrapper, terms: Terms, rules: Rules, number: int) -> None:
        self._terms, self._rules = terms, rules
        values = {"as_of": terms.as_of, "now": terms.now, "source": terms.source, "batch": number}
        super().__init__(cursor, values)

    def merge(self, rows: Sequence[Row]) -> Taken:
        """From rows as a file states them to what is stored."""
        is_dry_run = self._terms.is_dry_run
        are_addresses_stated = any(row.addresses is not None for row in rows)
        self.stage(sql.EMPTY, sql.COPY, rows)
        if not is_dry_run:
            self.run(sql.ONE_AT_A_TIME)
            self.run(sql.LOCK)
        left = [*self._repeated(rows), *(self._held_twice(rows) if are_addresses_stated else ())]
        self._derive_families()
        self.run(sql.PLAN)
        left += [*self._older(), *self._nobodys(), *self._tied()]
        counts = self._counted()
        told: list[Change | Addition] = []
        if is_dry_run:
            told = [*self._additions(), *self._changes()]
        else:
            self._write()
        if are_addresses_stated:
            counts += self._move_addresses()
        return Taken(counts, left, told)

    def _repeated(self, rows: Sequence[Row]) -> Iterator[Refused]:
        is_each_new = self.run(sql.NOTE_SEEN) == len(rows)
        for number, first in () if is_each_new else self.found(sql.DROP_REPEATED):
            yield Refused(number, "subscription_id", f"stands in {self._terms.unit} {first} already")

    def _held_twice(self, rows: Sequence[Row]) -> Iterator[Refused]:
        is_each_new = self.run(sql.NOTE_HELD) == sum(len(row.addresses or ()) for row in rows)
        for number, address, first in () if is_each_new else self.found(sql.DROP_HELD_TWICE):
            yield Refused(number, "addresses", f"{address} stands in {self._terms.unit} {first} already")

    def _derive_families(self) -> None:
        for offer_id, quota_id in self.found(sql.FAMILIES_TO_DERIVE):
            facts = Facts(offer_id=offer_id, quota_id=quota_id)
            family = allowed_by(facts, self._rules.policy).family or ""
            self._cursor.execute(sql.ADD_FAMILY, [offer_id, quota_id, family])

    def _older(self) -> Iterator[Skipped]:
        for number, newer in self.found(sql.DROP_OLDER):
            yield Skipped(number, f"what is stored is newer, as of {newer:%-d %b %Y, %H:%M:%S} UTC")

    def _nobodys(self) -> Iterator[Refused]:
        for (number,) in self.found(sql.DROP_NOBODYS):
            reason = "is not stated, and the subscription is new here; name its customer with --customer"
            yield Refused(number, "customer_number", reason)

    def _tied(self) -> Iterator[Refused]:
        """A case is between the desk, one customer and one partner: it is not handed to others."""
        moved: dict[UUID, bool] = dict(self.found(sql.MOVED))
        bound = ties_of(list(moved)) if moved else {}
        if self._rules.may_move:
            bound = {id_: tie for id_, tie in bound.items() if moved[id_]}
        for number, id_ in self.found(sql.DROP_TIED, [list(bound)]) if bound else ():
            yield _refused_move(number, bound[id_], is_other_customer=moved[id_])

    def _counted(self) -> Counter[str]:
        counts = Counter(dict(zip(COUNTED, self.found(sql.COUNT)[0], strict=True)))
        customers = [Customer(number=number, name=name) for number, name in self.found(sql.NOTE_CUSTOMERS)]
        partners = [Partner(number=number, name=name) for number, name in self.found(sql.NOTE_PARTNERS)]
        if not self._terms.is_dry_run:
            Customer.objects.bulk_create(customers, ignore_conflicts=True)
            Partner.objects.bulk_create(partners, ignore_conflicts=True)
        return counts + Counter(customers=len(customers), partners=len(partners))

    def _additions(self) -> Iterator[Addition]:
        for number, id_, values in self.found(sql.ADDITIONS):
            yield Addition(number, id_, json.loads(values))

    def _changes(self) -> Iterator[Change]:
        for number, id_, before, after in self.found(sql.CHANGES):
            yield Change(number, id_, json.loads(before), json.loads(after))

    def _write(self) -> None:
        for statement in (
            sql.FIND_CUSTOMERS,
            sql.FIND_PARTNERS,
            sql.NOTE_OFFER_CHANGES,
            sql.UPDATE,
            sql.INSERT,
        ):
            self.run(statement)

    def _move_addresses(self) -> Counter[str]:
        closed = self.run(sql.PLAN_CLOSING)
        opened = self.run(sql.PLAN_OPENING)
        if not self._terms.is_dry_run:
            for statement in (sql.FORGET_HELD_NO_TIME, sql.CLOSE, sql.OPEN):
                self.run(statement)
        return Counter(closed=closed, opened=opened)


def ties_of(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """What binds each of these subscriptions to its customer and partner, in words; none if nothing does.

    Who knows stands above this package, and is named in the settings.
    """
    ties: Mapping[UUID, str] = import_string(settings.SUBSCRIPTION_TIES)(ids)
    return ties


def _refused_move(number: int, tie: str, *, is_other_customer: bool) -> Refused:
    if is_other_customer:
        return Refused(
            number, "customer_number", f"is another than before, but {tie}; bring that to its end first"
        )
    reason = f"is another than before, but {tie}; bring that to its end first, or give --move"
    return Refused(number, "partner_number", reason)
