"""Like ``26 Nov 2026, 14:00``."""

DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
DATE_FORMAT = "j M Y"
