"""The forms of accounts: allauth's, with our words on their fields, which errors name them by."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm

from people.models import User

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "remember": "Keep me signed in",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password again",
}


class _InOurWords:
    """Labels of ours; no hint inside a field, where it goes away with the first letter."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_InOurWords, LoginForm):  # type: ignore[misc]  # allauth has no types
    """Signs in."""


class ChangeForm(_InOurWords, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """Changes one's own password."""


class ChooseForm(_InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """Takes the password of who came by a link."""


class PasswordMailForm(_InOurWords, ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Whose password is asked for: the person of that address. allauth would look in its own table too."""

    def clean_email(self) -> str:
        """The address as it was typed."""
        email: str = super().clean_email()
        self.users = list(User.objects.filter(email=email.lower(), is_active=True))
        return email
