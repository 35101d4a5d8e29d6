"""System checks of our own: what ``manage.py check --deploy`` must refuse."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.utils.module_loading import import_string


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Demo logins and kept mail have no place in production."""
    if settings.DEMO:
        return [Error("Demo mode is on.", hint="Unset DEMO and set up production.", id="desk.E001")]
    return []


@register()
def every_topic_has_a_handler(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An outbox message of a topic without a handler would wait for ever."""
    errors = []
    for topic, path in settings.OUTBOX_HANDLERS.items():
        try:
            import_string(path)
        except ImportError as error:
            errors.append(Error(f"OUTBOX_HANDLERS: {topic}: {error}", id="desk.E002"))
    return errors
