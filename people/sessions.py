"""Sessions in PostgreSQL, as Django keeps them, read by a statement that is built once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from statements.asked import Asked, Built

_ALIVE = Built(lambda: Session.objects.filter(pk=Asked("key"), expire_date__gt=Asked("now")))


class SessionStore(db.SessionStore):
    """Django's own; every request of who is signed in reads one."""

    def _get_session_from_db(self) -> Session | None:
        session = _ALIVE.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
