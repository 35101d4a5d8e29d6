"""Logs: one JSON line an event, on standard error."""

import re
from typing import Any

import structlog

LINKS = re.compile(r"(/password/reset/key/[0-9A-Za-z]+-)[^/\s\"']+")
"""Links by which a password is chosen: who reads one in a log could use it before its owner does."""


def without_keys(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The event with each such link cut short, wherever it stands: in a request, a message, a trace."""
    return {
        name: LINKS.sub(r"\1…", value) if isinstance(value, str) else value for name, value in event.items()
    }


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_keys,
]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's ``LOGGING`` at ``level``; configures structlog to the same form."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(),
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        # One line for each request, and one for each that failed, is django-structlog's; Django's would repeat it.
        "loggers": {"django.server": {"propagate": False}, "django.request": {"propagate": False}},
    }
