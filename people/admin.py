"""People in Django's admin: who may sign in, and as what. Nobody signs up; operators add people."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from people.admin_base import ReferenceAdmin
from people.invitation import send_password_mail
from people.models import User

for managed_elsewhere in (Group, EmailAddress):
    # Roles are the desk's own, and a second address could be used to take an account over.
    admin.site.unregister(managed_elsewhere)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """One person; their password is theirs alone to choose."""

    class Meta:
        model = User
        fields = ("email", "name", "desk_role", "is_active")
        labels = {"email": "E-mail address", "desk_role": "Role at the desk", "is_active": "May sign in"}
        help_texts = {
            "email": "They sign in with it, and get a mail there to choose their password.",
            "desk_role": "None for customers and partners: make them members of their customer or partner.",
            "is_active": "Take it away from people who leave. Nobody is deleted: the ledger names them.",
        }

    def clean_email(self) -> str:
        """Addresses are kept in lower case, and no two people share one."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody has this address already. Find them in the list of people.")
        return email


@admin.register(User)
class PersonAdmin(ReferenceAdmin):
    form = PersonForm
    list_display = ("name", "email", "desk_role", "is_active", "last_login")
    list_filter = ("desk_role", "is_active")
    search_fields = ("email", "name")
    ordering = ("name", "pk")
    actions = ("send_password_mails",)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # So that there is always an operator left who can undo what was done.
        return ("desk_role", "is_active") if obj is not None and obj.pk == request.user.pk else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # the old one must open nothing any more
        if not change:
            send_password_mail(request, obj)
            messages.info(request, f"A mail to choose a password is on its way to {obj.email}.")

    @admin.action(description="Send a mail to choose a new password", permissions=["change"])
    def send_password_mails(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset.filter(is_active=True))
        for person in people:
            send_password_mail(request, person)
        messages.info(request, f"Mails to choose a password are on their way: {len(people)}.")
