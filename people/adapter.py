"""How allauth behaves here: nobody signs up, people are added."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come with customers, partners and the desk; there is no public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The desk's name, then what it is about."""
        return f"{settings.DESK_NAME}: {subject.strip()}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the desk's own address, whatever Host header the request named."""
        path: str = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.BASE_URL + path
