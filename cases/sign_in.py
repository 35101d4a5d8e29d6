"""Who is signed in, read together with what they belong to: every page needs both."""

from allauth.account.auth_backends import AuthenticationBackend

from cases.actors import with_roles
from people.models import User


class SignedInWithRoles(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs in as allauth does; ``request.user`` is then a user of ``with_roles``."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, unless they were shut out."""
        user = with_roles(user_id)
        return user if user is not None and user.is_active else None
