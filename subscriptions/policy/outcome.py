"""The six answers that a policy can give."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """What a policy says of one subscription's outbound port 25."""

    NOT_BLOCKED = "not_blocked", "Not blocked"
    MAY_REQUEST = "may_request", "May request"
    NOT_YET = "not_yet", "Not yet"
    VIA_PARTNER = "via_partner", "Via partner"
    NEVER = "never", "Never"
    CANNOT_TELL = "cannot_tell", "Cannot tell"
