"""Every page that axe looks at, by the name of its address; ``test_axe`` visits them all.

Each is a function of the world that yields who looks, and at which path. What it does between two
of them happens while nobody looks. ``NO_PAGE`` says why an address stands in none of the tables.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from cases.models import State
from outbox.models import KeptMail
from outbox.relay import deliver_next
from tests.e2e.rooms import CUSTOMER, DESK, PARTNER, Visits, always
from tests.world import World

NOBODY = ""


def by_nobody(*paths: str) -> Callable[[World], Visits]:
    """Paths that one need not be signed in for."""
    return always(*((NOBODY, path) for path in paths))


def by_opal(*paths: str) -> Callable[[World], Visits]:
    """Paths of the operator's."""
    return always(*(("opal", path) for path in paths))


def _choosing_a_password(world: World) -> Visits:
    yield NOBODY, "/accounts/password/reset/key/1-abc/"
    user = world.user("nora")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    yield NOBODY, f"/accounts/password/reset/key/{key}/"


EVERYBODY: dict[str, Callable[[World], Visits]] = {
    "front": by_nobody("/"),
    "eligibility": by_nobody(
        "/eligibility/",
        "/eligibility/?offer=MS-AZR-0017P",
        "/eligibility/?offer=MS-AZR-0003P&created=2017-11-20",
        "/eligibility/?offer=MS-AZR-0044P&created=2018-02-01",
        "/eligibility/?offer=MS-AZR-0145P&created=2018-02-01",
        "/eligibility/?pasted=MPN_2014-09-01&created=2018-02-01",
        "/eligibility/?policy=example-first-invoice&offer=MS-AZR-0003P&account_age_days=12&paid_invoices=1",
        "/eligibility/?pasted=unknown-" + "x" * 80,
        "/eligibility/?created=never",
    ),
    "policy": by_nobody("/policy/"),
    "policy_version": by_nobody("/policy/example-qualified/"),
    "relay": by_nobody("/relay/", "/relay/?host=not+a+host"),
    "account_login": by_nobody("/accounts/login/"),
    "account_logout": always(("nora", "/accounts/logout/")),
    "account_signup": by_nobody("/accounts/signup/"),
    "account_inactive": by_nobody("/accounts/inactive/"),
    "account_change_password": always(("nora", "/accounts/password/change/")),
    "account_reset_password": by_nobody("/accounts/password/reset/"),
    "account_reset_password_done": by_nobody("/accounts/password/reset/done/"),
    "account_reset_password_from_key": _choosing_a_password,
    "account_reset_password_from_key_done": by_nobody("/accounts/password/reset/key/done/"),
    "components": by_nobody("/dev/components/?room=customer", "/dev/components/?room=reviewer"),
}

ERRORS: dict[int, Callable[[World], Visits]] = {
    403: always(("nora", "/requests/"), ("prue", "/review/")),
    404: always(
        (NOBODY, "/no/such/page/"),
        ("olive", f"/requests/subscription/{UUID(int=1)}/"),
        ("petra", "/partner/UB-0000-0000/"),
    ),
}
"""By the status of the answer. What something has to break for, ``test_axe`` breaks itself."""


def _kept_mail(world: World) -> Iterator[KeptMail]:
    """The mails of a case from its beginning to its end."""
    world.case_in(State.REVOKED)
    while deliver_next():
        pass
    return KeptMail.objects.order_by("pk").iterator()


def _mails(world: World) -> Visits:
    yield NOBODY, "/dev/mail/"
    list(_kept_mail(world))
    yield NOBODY, "/dev/mail/"
    yield NOBODY, "/dev/mail/?q=nobody"


def _mail(world: World) -> Visits:
    *_, last = _kept_mail(world)
    yield NOBODY, f"/dev/mail/{last.pk}/"


def _admins_cases(world: World) -> Visits:
    world.case_in(State.REVOKED)
    yield "opal", "/admin/cases/case/"


def _admins_case(world: World) -> Visits:
    yield "opal", f"/admin/cases/case/{world.case_in(State.REVOKED).pk}/change/"


OPERATORS: dict[str, Callable[[World], Visits]] = {
    "mail": _mails,
    "mail_one": _mail,
    "admin:index": by_opal("/admin/"),
    "admin:app_list": by_opal("/admin/cases/"),
    "admin:password_change_done": by_opal("/admin/password_change/done/"),
    "admin:people_user_changelist": by_opal("/admin/people/user/"),
    "admin:people_user_add": by_opal("/admin/people/user/add/"),
    "admin:cases_case_changelist": _admins_cases,
    "admin:cases_case_change": _admins_case,
    "admin:cases_reasoncode_change": by_opal("/admin/cases/reasoncode/relay_would_do/change/"),
    "admin:cases_reasoncode_history": by_opal("/admin/cases/reasoncode/relay_would_do/history/"),
    "admin:subscriptions_customer_add": by_opal("/admin/subscriptions/customer/add/"),
    "admin:subscriptions_policyversion_change": by_opal(
        "/admin/subscriptions/policyversion/azure-2017-11-15/change/"
    ),
    "admin:outbox_message_changelist": by_opal("/admin/outbox/message/?standing=parked"),
}
"""Of the admin each kind of page, of some models: one template makes all lists, another all objects."""

PAGES = CUSTOMER | PARTNER | DESK | EVERYBODY | OPERATORS

NO_PAGE = {
    "healthz": "text for a watchdog",
    "readyz": "JSON",
    "api:openapi-json": "JSON",
    "api:eligibility": "JSON",
    "review:preview": "the page of review:case, and looked at there",
    "review:policy_document": "a file",
    "admin:jsi18n": "a script",
    "mail_markup": "stands in the frame of mail_one, sandboxed: no script runs in it, and axe is one",
}
