"""What the pages of Django's admin are built on. An operator's role decides: no row of permissions, no superuser's flag.

Records can be looked at. Reference data can be added and changed; what the ledger may refer to is
never removed. The text that people wrote about a case (messages, notes, mail) stands in no page of
the admin: operators run the desk, they do not review.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst

from people.models import User

MOST_LISTED = 1000

Parser = Callable[[str], Any]
"""What a search term means for a field; ``None`` where it means nothing there."""


def is_operator(request: HttpRequest) -> bool:
    """Whoever asks runs this desk."""
    user = request.user
    return isinstance(user, User) and user.is_active and user.is_staff


class ReadOnly:
    """Operators see it, and nobody changes it here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown on the admin's first page."""
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class NoDelete(ReadOnly):
    """Operators add and change it; it is never removed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        return is_operator(request)


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """The first thousand rows: no table is counted through, no page is far from the first."""

    @cached_property
    def count(self) -> int:
        """How many rows are listed, ``MOST_LISTED`` at most."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin's lists are querysets
        return rows[:MOST_LISTED].count()


class BoundedList(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A list whose cost does not grow with its table."""

    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the list's own filters ask, and nothing else: any column could be guessed by its beginnings.

        Django would let every column of the table be asked about, a password's hash among them.
        """
        return "\0" not in value and lookup in self._asked_by_filters(request)

    def _asked_by_filters(self, request: HttpRequest) -> set[str]:
        asked: set[str] = set()
        for each in self.get_list_filter(request):
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                asked.add(each.parameter_name or "")
            else:
                field = each[0] if isinstance(each, tuple) else each
                asked |= {f"{field}__{kind}" for kind in ("exact", "isnull", "isempty")}
        return asked

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of that key; ``None`` where it is nobody's."""
        return super().get_object(request, object_id, from_field) if self._may_be_key(object_id) else None

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any) -> Any:
        """Do what was chosen with the rows that were ticked. Raises ``BadRequest`` for ticks of no list."""
        if all(map(self._may_be_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset, *where)
        raise BadRequest("These are no rows of this list.")

    def _may_be_key(self, text: str) -> bool:
        try:
            self.opts.pk.to_python(text)
        except forms.ValidationError:
            return False
        return "\0" not in text

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Headed by what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class ReferenceAdmin(NoDelete, BoundedList):
    """Data that operators look after."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also asked by what completes a name, which lets characters pass that PostgreSQL does not know."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))


class RecordAdmin(ReadOnly, BoundedList):
    """What happened: the newest first, found by what names it exactly.

    ``found_by`` maps a lookup to what a search term means for it.
    """

    found_by: ClassVar[Mapping[str, Parser]] = {}
    ordering: ClassVar[Any] = ("-pk",)
    actions: Any = None

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Only whether there is a search box: ``get_search_results`` searches."""
        return tuple(self.found_by)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows that the term names; a term that can name nothing finds nothing."""
        if not search_term:
            return queryset, False
        term = search_term.replace("\0", "").strip()
        meant = {lookup: parse(term) for lookup, parse in self.found_by.items()}
        named = [Q(**{lookup: value}) for lookup, value in meant.items() if value is not None]
        if not named:
            return queryset.none(), False
        return queryset.filter(Q(*named, _connector=Q.OR)), False


class RecordInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """Records of the thing that a page is about."""

    template = "admin/records.html"
    extra = 0
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """With what each row names, in one query."""
        return super().get_queryset(request).select_related(*self.related).order_by("pk")


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A person by e-mail address, typed rather than picked out of thousands."""

    def __init__(self, **options: Any) -> None:
        words = {"invalid_choice": "Nobody has this address. Add the person first, under People."}
        attributes = {"autocomplete": "off", "size": 40}
        widget = forms.EmailInput(attributes)
        people = User.objects.all()
        super().__init__(people, to_field_name="email", widget=widget, error_messages=words, **options)

    def to_python(self, value: Any) -> Any:
        """The person of that address, however it is written."""
        return super().to_python(value.strip().lower() if isinstance(value, str) else value)


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """One membership: who, and as what."""

    user = PersonField(label="E-mail address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["user"] = self.instance.user.email


class MemberInline(NoDelete, admin.StackedInline):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """Who belongs: a membership can also be taken away."""

    form = MemberForm
    extra = 1
    fields = (("user", "role"),)
    verbose_name = "member"
    verbose_name_plural = "members"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the people, in one query."""
        return super().get_queryset(request).select_related("user").order_by("pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators: what a member did keeps their name."""
        return is_operator(request)


def as_uuid(term: str) -> UUID | None:
    """A subscription's ID as somebody typed it; ``None`` where it is none."""
    try:
        return UUID(term)
    except ValueError:
        return None
