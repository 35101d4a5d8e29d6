"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """The desk's name, address and mode, and which theme the reader chose."""
    theme = request.COOKIES.get("theme", "")
    return {
        "desk": {"name": settings.DESK_NAME, "base_url": settings.BASE_URL, "is_demo": settings.DEMO},
        "theme": theme if theme in ("light", "dark") else "",
    }
