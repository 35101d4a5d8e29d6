"""How people get a password: a mail with a link, asked for by an operator or by themselves."""

from django.http import HttpRequest

from people.forms import PasswordMailForm
from people.models import User


def send_password_mail(request: HttpRequest, user: User) -> None:
    """Mail a link by which ``user`` chooses a password; nothing for who may not sign in."""
    form = PasswordMailForm({"email": user.email})
    if user.is_active and form.is_valid():
        form.save(request)
