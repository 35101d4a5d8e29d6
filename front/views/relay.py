"""``/relay/``: sending through an authenticated relay, which is open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from front.forms import RelayForm
from front.relay_setups import PLACEHOLDERS, fill, filled, setups
from subscriptions.policy.versions import active_policy

TESTS = {
    "reach": "nc -vz -w 5 relay.example.net 587",
    "reach_windows": "Test-NetConnection relay.example.net -Port 587",
    "tls": "openssl s_client -brief -starttls smtp \\\n"
    "  -connect relay.example.net:587 \\\n"
    "  -verify_return_error \\\n"
    "  -verify_hostname relay.example.net </dev/null",
    "tls_443": "openssl s_client -brief \\\n"
    "  -connect relay.example.net:443 \\\n"
    "  -verify_return_error \\\n"
    "  -verify_hostname relay.example.net </dev/null",
    "send": "swaks --server relay.example.net:587 --tls --tls-verify --auth PLAIN --auth-user relay-user \\\n"
    "  --from you@example.com --to you@example.com",
    "send_443": "swaks --server relay.example.net:443 --tlsc --tls-verify --auth PLAIN --auth-user relay-user \\\n"
    "  --from you@example.com --to you@example.com",
}


def relay(request: HttpRequest) -> HttpResponse:
    """Set-ups, one open at a time, with the visitor's own values where they gave some."""
    form = RelayForm(request.GET if set(request.GET) & set(PLACEHOLDERS) else None)
    is_bad = form.is_bound and not form.is_valid()
    values = form.cleaned_data if form.is_bound and not is_bad else {}
    found = [filled(setup, values) for setup in setups()]
    context = {
        "form": form,
        "is_bad": is_bad,
        "policy": active_policy(),
        "groups": [
            ("Mail servers", [setup for setup in found if setup.kind == "server"]),
            ("Programs", [setup for setup in found if setup.kind == "program"]),
        ],
        "tests": {name: fill(text, values) for name, text in TESTS.items()},
    }
    return render(request, "front/relay.html", context, status=400 if is_bad else 200)
