"""The demo world's people, customers, partners and subscriptions, from the tables beside this file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from demo.billing import bring_facts
from demo.table import SOURCE, Row, table
from people.models import User
from subscriptions.judging import judge
from subscriptions.models import Address, Customer, Partner, Subscription
from subscriptions.policy.versions import active_policy

DOMAIN = "demo.example"
PARTNERS_SOURCE = "partner-center.json"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by login (or address), and every subscription's id by its key, as ``customer.key``."""

    people: Mapping[str, User]
    subscriptions: Mapping[str, UUID]


def make_cast(today: datetime) -> Cast:
    """Write the people, customers, partners, subscriptions and addresses of the tables; billing tells its facts."""
    world = table("cast.yaml")
    people = _make_people(world)
    partners = {key: Partner.objects.create(**_fields(row)) for key, row in world["partners"].items()}
    customers = {key: Customer.objects.create(**_fields(row)) for key, row in world["customers"].items()}
    bring_facts(today)
    for key, customer in customers.items():
        _make_members(customer, world["customers"][key]["members"], people)
    for key, partner in partners.items():
        _make_members(partner, world["partners"][key]["members"], people)
    return Cast(people, _make_subscriptions(customers, partners, today))


def subscription_id(key: str) -> UUID:
    """The same in every demo world, so that a link into one works in the next."""
    return uuid5(NAMESPACE_DNS, f"{key}.{DOMAIN}")


def change_password() -> bool:
    """Give those who sign in the password that the environment names now; whether it was another."""
    demo_people = User.objects.filter(email__endswith=f"@{DOMAIN}")
    anybody = demo_people.order_by("pk").first()
    if anybody is None or check_password(settings.DEMO_PASSWORD, anybody.password):
        return False
    demo_people.update(password=make_password(settings.DEMO_PASSWORD))
    return True


def _make_people(world: Row) -> dict[str, User]:
    """Those who sign in share one password, and its slow hash is made once."""
    password = make_password(settings.DEMO_PASSWORD)
    parties = (*world["customers"].values(), *world["partners"].values())
    rows: Row = {login: row for party in parties for login, row in party["members"].items()} | world["desk"]
    desk_roles = {login: row["role"] for login, row in world["desk"].items()}
    people = [
        User(
            email=login if "@" in login else f"{login}@{DOMAIN}",
            name=row["name"],
            password=make_password(None) if "@" in login else password,
            desk_role=desk_roles.get(login, ""),
        )
        for login, row in rows.items()
    ]
    return dict(zip(rows, User.objects.bulk_create(people), strict=True))


def _fields(row: Row) -> Row:
    return {name: row[name] for name in ("number", "name")}


def _make_members(party: Customer | Partner, rows: Row, people: Mapping[str, User]) -> None:
    for login, row in rows.items():
        party.members.create(user=people[login], role=row["role"])


def _make_subscriptions(
    customers: Mapping[str, Customer], partners: Mapping[str, Partner], today: datetime
) -> dict[str, UUID]:
    policy, now = active_policy(), timezone.now()
    subscriptions: list[Subscription] = []
    addresses: list[Address] = []
    for key, row in _subscription_rows():
        subscription = _subscription(key, row, customers[key.partition(".")[0]], partners)
        subscription.created_at = _instant(row.get("created"), today)
        subscription.family = judge(subscription, policy, now).family or ""
        subscriptions.append(subscription)
        addresses += [_address(subscription, held) for held in row.get("addresses", ())]
    Subscription.objects.bulk_create(subscriptions)
    Address.objects.bulk_create(addresses)
    return {key: subscription_id(key) for key, _ in _subscription_rows()}


def _subscription_rows() -> Iterator[tuple[str, Row]]:
    for customer, rows in table("subscriptions.yaml").items():
        for key, row in rows.items():
            yield from _rows_of(f"{customer}.{key}", row)


def _rows_of(key: str, row: Row) -> Iterator[tuple[str, Row]]:
    """The row itself, or as many as it stands for."""
    if "many" not in row:
        yield key, row
    for number in range(1, row.get("many", 0) + 1):
        yield f"{key}#{number}", row | {"name": row["name"].format(number=number)}


def _subscription(key: str, row: Row, customer: Customer, partners: Mapping[str, Partner]) -> Subscription:
    created: date | int | None = row.get("created")
    partner = partners.get(row.get("partner", ""))
    return Subscription(
        id=subscription_id(key),
        name=row["name"],
        offer_id=row.get("offer", ""),
        quota_id=row.get("quota", ""),
        is_created_by_day=isinstance(created, date) and not isinstance(created, datetime),
        state=row.get("state", "active"),
        customer=customer,
        partner=partner,
        source=row.get("source", PARTNERS_SOURCE if partner else SOURCE),
    )


def _instant(created: date | int | None, today: datetime) -> datetime | None:
    """The start of the day (UTC) where only that is known; a number counts the days before today."""
    if isinstance(created, int):
        return today - timedelta(days=created)
    if created is None or isinstance(created, datetime):
        return created
    return datetime(created.year, created.month, created.day, tzinfo=UTC)


def _address(subscription: Subscription, held: str | Row) -> Address:
    """An address held since the subscription came to be, or from and until so many days ago."""
    now = timezone.now()
    row: Row = {"address": held} if isinstance(held, str) else held
    since = subscription.created_at or now - timedelta(days=365)
    return Address(
        subscription=subscription,
        address=row["address"],
        held_from=now - timedelta(days=row["from"]) if "from" in row else since,
        held_until=now - timedelta(days=row["until"]) if "until" in row else None,
    )
