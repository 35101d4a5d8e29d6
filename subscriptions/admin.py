"""Customers, partners, subscriptions and policy versions in Django's admin."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.admin_base import MemberInline, RecordAdmin, RecordInline, ReferenceAdmin, as_uuid
from subscriptions.billing import (
    CONDITION_OF,
    KINDS,
    LONGEST_TEXT,
    canonical,
    facts_of_customer,
    set_facts,
)
from subscriptions.judging import shown
from subscriptions.models import (
    Address,
    Customer,
    CustomerMember,
    OfferChange,
    Partner,
    PartnerMember,
    PolicyVersion,
    Subscription,
)

BY_HAND = "entered by hand"
"""The source of such a fact, as notices cite it; who entered it stands in the customer's history."""


class FactField(forms.CharField):
    """One fact as text, checked as an import checks it; blank where it is not known.

    What counts as changed is what the page did not show: an import may have been there since.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            label=KINDS[name].label,
            required=False,
            max_length=LONGEST_TEXT,
            help_text="Not known.",
            widget=AdminTextInputWidget,
            show_hidden_initial=True,
        )
        self._name = name

    def clean(self, value: Any) -> str:
        """The text as it is kept."""
        text = super().clean(value)
        try:
            return canonical(self._name, text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from None


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A customer with a field for each fact, which says where what stands there is from."""

    class Meta:
        model = Customer
        fields = ("number", "name")
        help_texts = {"number": "Imports know the customer by it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, fact in facts_of_customer(self.instance).items():
            self.initial[name] = self.instance.facts[name]["value"]
            self.fields[name].help_text = f"{fact.source}, as of {fact.as_of:%-d %b %Y, %H:%M} UTC."


def _column(name: str) -> Callable[[Customer], str]:
    """A column of the list with one fact of each customer."""

    @admin.display(description=KINDS[name].label)
    def column(customer: Customer) -> str:
        fact = facts_of_customer(customer).get(name)
        return shown(fact.value) if fact else "not known"

    return column


class CustomerMemberInline(MemberInline):
    model = CustomerMember


class PartnerMemberInline(MemberInline):
    model = PartnerMember


@admin.register(Customer)
class CustomerAdmin(ReferenceAdmin):
    form = type("CustomerForm", (FactsForm,), {name: FactField(name) for name in KINDS})
    list_display = ("name", "number", *(_column(name) for name in KINDS if name in CONDITION_OF))
    search_fields = ("number", "name")
    ordering = ("name", "pk")
    fieldsets = (
        (None, {"fields": ("number", "name")}),
        ("Facts of billing, identity and the abuse desk", {"fields": tuple(KINDS)}),
    )
    inlines = (CustomerMemberInline,)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        entered = {name: form.cleaned_data[name] for name in form.changed_data if name in KINDS}
        if change:  # locked, since an import may be bringing others just now
            obj.facts = Customer.objects.select_for_update(no_key=True).get(pk=obj.pk).facts
        set_facts(obj, entered, source=BY_HAND, as_of=timezone.now())
        super().save_model(request, obj, form, change)


@admin.register(Partner)
class PartnerAdmin(ReferenceAdmin):
    list_display = ("name", "number")
    search_fields = ("number", "name")
    ordering = ("name", "pk")
    inlines = (PartnerMemberInline,)


class AddressInline(RecordInline):
    model = Address
    fields = ("address", "held_from", "held_until")


class OfferChangeInline(RecordInline):
    model = OfferChange
    fields = ("changed_at", "before", "after", "source", "noted_at")


@admin.register(Subscription)
class SubscriptionAdmin(RecordAdmin):
    """Imports alone change subscriptions: they note what a change means for an exemption."""

    list_display = ("name", "id", "offer_id", "family", "state", "created_at", "customer", "partner")
    list_select_related = ("customer", "partner")
    list_filter = ("state",)
    found_by = {"pk": as_uuid}
    search_help_text = "A subscription's ID. The list has a thousand of them; every one can be found."
    inlines = (AddressInline, OfferChangeInline)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(RecordAdmin):
    list_display = ("id", "title", "effective_from", "loaded_at")
    ordering = ("-effective_from", "id")
    fields = ("id", "title", "effective_from", "loaded_at", "sha256", "as_loaded")
    readonly_fields = ("as_loaded",)

    @admin.display(description="document")
    def as_loaded(self, version: PolicyVersion) -> SafeString:
        return format_html('<pre class="document" tabindex="0">{}</pre>', version.document)
