"""How allauth behaves here: nobody signs up, people are added, and each has the address they were given."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from people.models import User


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come with customers, partners and the desk; there is no public sign-up.

    What allauth would let people do with addresses has no page here (``people.urls``), and is refused
    as well: an address is what memberships are given to.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def can_delete_email(self, email_address: Any) -> bool:
        """Never: with ``ACCOUNT_MAX_EMAIL_ADDRESSES`` at one, there is no room for another either."""
        return False

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Never: an address is confirmed by the password that was chosen from its mail."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The desk's name, then what it is about."""
        return f"{settings.DESK_NAME}: {subject.strip()}"

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """To the address of the account, whatever was typed that it was found by."""
        super().send_password_reset_mail(user, user.email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the address of the account; allauth would take one of its own table."""
        super().send_notification_mail(template_prefix, user, context, user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where their work is; the form that has been sent is done with."""
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the desk's own address, whatever Host header the request named."""
        path: str = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.BASE_URL + path
