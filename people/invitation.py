"""How people get a password: a mail with a link, asked for by an operator or by themselves."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from people.models import User


class PasswordMailForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Whose password is asked for: the person of that address. allauth would look in its own table too."""

    def clean_email(self) -> str:
        """The address as it was typed."""
        email: str = super().clean_email()
        self.users = list(User.objects.filter(email=email.lower(), is_active=True))
        return email


def send_password_mail(request: HttpRequest, user: User) -> None:
    """Mail a link by which ``user`` chooses a password; nothing for who may not sign in."""
    form = PasswordMailForm({"email": user.email})
    if user.is_active and form.is_valid():
        form.save(request)
