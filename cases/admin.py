"""Cases in Django's admin: reason codes to edit; what happened, when and by whom, to look at.

What people wrote is not here, and no state can be changed here: see ``people.admin_base``.
"""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.models import Case, CaseEvent, CaseMessage, Decision, Exemption, ReasonCode, Verb
from cases.notices import wording
from cases.reference import parse_reference
from people.admin_base import RecordAdmin, RecordInline, ReferenceAdmin, as_uuid
from subscriptions.policy.outcome import Outcome

CITING = (Verb.APPROVE, Verb.DENY, Verb.SUSPEND, Verb.RESUME, Verb.REVOKE)
"""The decisions that cite reason codes; the others rest on the policy or on a partner's own words."""

BY_CASE = {"case__reference": parse_reference}


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A reason code, with its decisions as boxes to tick."""

    verbs = forms.MultipleChoiceField(
        label="May be cited when a case is",
        choices=[(verb.value, verb.label.lower()) for verb in CITING],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReasonCode
        fields = (
            "code",
            "verbs",
            "title",
            "text",
            "would_change",
            "is_active",
            "is_about_complaints",
            "position",
        )
        labels = {"is_active": "May be chosen", "is_about_complaints": "Speaks of complaints"}
        help_texts = {
            "code": "Names the reason in the ledger and the API; it cannot be changed later.",
            "is_active": "Reasons are not deleted: decisions name them. Take it out of use instead.",
            "is_about_complaints": "A decision that cites it counts as a complaint in the checks of later "
            "requests. Customers do not see this.",
            "position": "The list of reasons is in this order.",
        }


@admin.register(ReasonCode)
class ReasonCodeAdmin(ReferenceAdmin):
    form = ReasonForm
    list_display = ("title", "code", "verbs", "is_active", "position")
    list_filter = ("is_active",)
    search_fields = ("code", "title", "text")
    ordering = ("position", "code")

    def get_fields(self, request: HttpRequest, obj: ReasonCode | None = None) -> tuple[str, ...]:
        return ReasonForm.Meta.fields if obj is None else (*ReasonForm.Meta.fields, "preview")

    def get_readonly_fields(self, request: HttpRequest, obj: ReasonCode | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code", "preview")

    @admin.display(description="As the customer reads it")
    def preview(self, reason: ReasonCode) -> SafeString:
        headlines = [wording.headline(Verb(verb), "a subscription") for verb in reason.verbs]
        context = {"reason": reason, "headlines": headlines}
        return render_to_string("admin/cases/reasoncode/preview.html", context)


class EventInline(RecordInline):
    model = CaseEvent
    fields = ("seq", "at", "kind", "from_state", "to_state", "side", "actor_name")


class DecisionInline(RecordInline):
    model = Decision
    fields = ("made_at", "verb", "reasons", "policy", "made_by", "is_automated")
    related = ("policy", "made_by")


class ExemptionInline(RecordInline):
    model = Exemption
    fields = ("starts_at", "ends_at")


class MessageInline(RecordInline):
    model = CaseMessage
    fields = ("at", "kind", "side", "author")
    related = ("author",)


@admin.register(Case)
class CaseAdmin(RecordAdmin):
    list_display = ("reference", "state", "customer", "partner", "subscription", "submitted_at")
    list_select_related = ("customer", "partner", "subscription")
    list_filter = ("state", "flag")
    found_by = {"reference": parse_reference, "subscription_id": as_uuid}
    search_help_text = "A case's reference, or a subscription's ID. The list has the newest thousand."
    fields = (
        "reference",
        "state",
        "flag",
        "judged",
        "family",
        "policy",
        "subscription",
        "customer",
        "partner",
        "submitted_by",
        "submitted_side",
        "submitted_at",
        "moved_at",
        "due_at",
        "due_left",
        "version",
        "head",
    )
    inlines = (EventInline, DecisionInline, ExemptionInline, MessageInline)

    @admin.display(description="outcome")
    def judged(self, case: Case) -> str:
        return Outcome(case.outcome).label


@admin.register(CaseEvent)
class CaseEventAdmin(RecordAdmin):
    list_display = ("case", "seq", "kind", "from_state", "to_state", "at", "side", "actor_name")
    list_select_related = ("case",)
    found_by = BY_CASE
    search_help_text = "A case's reference. The list has the newest thousand events."
    fields = (
        "case",
        "seq",
        "kind",
        "from_state",
        "to_state",
        "at",
        "side",
        "actor",
        "actor_name",
        "previous",
        "hash",
    )


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    list_display = ("case", "verb", "reasons", "policy", "made_by", "is_automated", "made_at")
    list_select_related = ("case", "policy", "made_by")
    found_by = BY_CASE
    search_help_text = "A case's reference. The list has the newest thousand decisions."
    fields = ("case", "verb", "reasons", "policy", "made_by", "is_automated", "made_at")


@admin.register(Exemption)
class ExemptionAdmin(RecordAdmin):
    list_display = ("subscription", "case", "starts_at", "ends_at")
    list_select_related = ("subscription", "case")
    list_filter = (("ends_at", admin.EmptyFieldListFilter),)
    found_by = {**BY_CASE, "subscription_id": as_uuid}
    search_help_text = "A case's reference, or a subscription's ID. The list has the newest thousand."


@admin.register(CaseMessage)
class CaseMessageAdmin(RecordAdmin):
    """That something was written, never what."""

    list_display = ("case", "kind", "side", "author", "at")
    list_select_related = ("case", "author")
    found_by = BY_CASE
    search_help_text = "A case's reference. The list has the newest thousand messages."
    fields = ("case", "kind", "side", "author", "at")
