"""The reason codes that are shipped; from then on they are the desk's own to edit."""

from pathlib import Path

import yaml

from cases.models import ReasonCode

SHIPPED = Path(__file__).parent / "reasons.yaml"


def load_shipped_reasons() -> int:
    """Add the shipped codes that are not there; edited ones stay. Returns how many were added."""
    rows = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    known = set(ReasonCode.objects.values_list("code", flat=True))
    new = [
        ReasonCode(position=place * 10, **row)
        for place, row in enumerate(rows, 1)
        if row["code"] not in known
    ]
    return len(ReasonCode.objects.bulk_create(new))
