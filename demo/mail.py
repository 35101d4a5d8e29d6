"""``/dev/mail/``: the mail that the demo kept instead of sending."""

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from cases.keyset import Order, page_of
from cases.reference import parse_reference
from outbox.models import KeptMail

PAGE = 25
NEWEST_FIRST = Order(("pk",), is_newest_first=True)
LARGEST_ID = 2**63 - 1
MARKUP_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)
"""A mail brings its own styles, and nothing else that a browser acts on; its links open beside it."""


class MailSearch(forms.Form):
    """What to look for; ``after`` and ``before`` name the mail to page on from."""

    q = forms.CharField(
        label="Address, reference or words of the subject",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)

    def found(self) -> QuerySet[KeptMail]:
        """The mails that are looked for: all, where nothing is."""
        words = self.cleaned_data["q"]
        found = Q(to__icontains=words) | Q(subject__icontains=words)
        if reference := parse_reference(words):
            found |= Q(subject__icontains=reference)  # besides the words: "password" can be read as one
        return KeptMail.objects.filter(found)


def mails(request: HttpRequest) -> HttpResponse:
    """The newest first, a page at a time."""
    search = MailSearch(request.GET)
    if not search.is_valid():
        return render(request, "demo/mail.html", {"search": search}, status=400)
    sought = search.cleaned_data
    page = page_of(search.found(), NEWEST_FIRST, PAGE, after=sought["after"], before=sought["before"])
    context = {
        "search": search,
        "mails": page.rows,
        "is_asking": bool(sought["q"]),
        "page": page,
    }
    return render(request, "demo/mail.html", context)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types know only views without arguments
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail: its headers, its plain and its HTML version."""
    return render(request, "demo/mail_one.html", {"mail": _kept(mail_id)})


@xframe_options_sameorigin
def mail_markup(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The HTML version as it was written, for the frame on its page."""
    return HttpResponse(_kept(mail_id).html, headers={"Content-Security-Policy": MARKUP_POLICY})


def _kept(mail_id: int) -> KeptMail:
    return get_object_or_404(KeptMail, pk=min(mail_id, LARGEST_ID))
