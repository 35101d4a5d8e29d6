"""Who is signed in, read together with what they belong to: every page needs both."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from cases.actors import with_roles
from people.models import User


class SignedInWithRoles(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs in as allauth does, by the account's address; ``request.user`` is a user of ``with_roles``."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """The person of that address; allauth would also look in a table of further addresses."""
        return self._check_password(User.objects.filter(email=email.lower()).first(), password)

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, unless they were shut out."""
        user = with_roles(user_id)
        return user if user is not None and user.is_active else None
