"""Like ``26 Nov 2026, 14:00``; typed, a day is ``2026-11-26``."""

DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
DATE_FORMAT = "j M Y"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
