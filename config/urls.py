"""Every address of the product, by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("people.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("requests/", include("cases.views.customer_urls")),
    path("partner/", include("cases.views.partner_urls")),
    path("review/", include("cases.views.reviewer_urls")),
    path("", include("front.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("dev/", include("demo.urls")))

handler400 = "cases.views.errors.bad_request"
handler403 = "cases.views.errors.permission_denied"
handler404 = "cases.views.errors.not_found"
handler500 = "cases.views.errors.server_error"
