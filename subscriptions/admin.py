"""Customers, partners, subscriptions and policy versions in Django's admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.operators import MemberInline, RecordAdmin, RecordInline, ReferenceAdmin, as_uuid
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

FACTS = ("account_opened_on", "paid_invoices", "paid_total_usd", "is_identity_verified")


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A customer, with what billing and identity checks know of it."""

    class Meta:
        model = Customer
        fields = ("number", "name", *FACTS)
        labels = {
            "account_opened_on": "Account opened on",
            "paid_total_usd": "Paid in all (USD)",
            "is_identity_verified": "Identity verified",
        }
        help_texts = {"number": "Imports know the customer by it."}


class CustomerMemberInline(MemberInline):
    model = CustomerMember


class PartnerMemberInline(MemberInline):
    model = PartnerMember


@admin.register(Customer)
class CustomerAdmin(ReferenceAdmin):
    form = CustomerForm
    list_display = ("name", "number", "account_opened_on", "paid_invoices", "is_identity_verified")
    search_fields = ("number", "name")
    ordering = ("name", "pk")
    fields = ("number", "name", *FACTS, "facts_source", "facts_as_of")
    readonly_fields = ("facts_source", "facts_as_of")
    inlines = (CustomerMemberInline,)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        if set(FACTS) & set(form.changed_data):
            obj.facts_source, obj.facts_as_of = f"entered by {request.user.name}"[:120], timezone.now()  # type: ignore[union-attr]  # an operator
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
