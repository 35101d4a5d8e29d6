"""Pictures drawn in a square of 20: they stand inside the page, so that they take its colours."""

from types import MappingProxyType

SHAPES = MappingProxyType(
    {
        "gate-open": '<path d="M4 17V7M2 17h4M16.5 17v-2.5M4 9.5 16.5 3M8.5 7.2l.9 1.7M12.3 5.2l.9 1.7"/>',
        "gate-closed": '<path d="M4 17V6M2 17h4M16.5 17v-6M4 9.5h13.5M8 9.5v2M12 9.5v2"/>',
        "check": '<path d="m4 10.5 4 4 8-9"/>',
        "cross": '<path d="m5 5 10 10M15 5 5 15"/>',
        "clock": '<circle cx="10" cy="10" r="7.2"/><path d="M10 5.8V10l2.8 2"/>',
        "pause": '<circle cx="10" cy="10" r="7.2"/><path d="M8.3 7.3v5.4M11.7 7.3v5.4"/>',
        "question": '<circle cx="10" cy="10" r="7.2"/><path d="M7.9 8c.2-1.3 1-2 2.2-2s2.2.8 2.2 1.9c0 1.7-2.2 1.7-2.2 3.3M10.1 13.8v.1"/>',
        "info": '<circle cx="10" cy="10" r="7.2"/><path d="M10 9.3v4.2M10 6.5v.1"/>',
        "warning": '<path d="M10 3 18 16.5H2ZM10 8.2v4M10 14.2v.1"/>',
        "person": '<circle cx="10" cy="6.5" r="3.2"/><path d="M3.5 17c.5-3.7 2.9-5.5 6.5-5.5s6 1.8 6.5 5.5"/>',
        "partner": '<circle cx="7" cy="7" r="2.8"/><circle cx="14" cy="8" r="2.2"/><path d="M2 16.5c.3-3.2 2-5 5-5s4.7 1.8 5 5M13 12.3c2.8-.3 4.6 1.2 5 4.2"/>',
        "desk": '<path d="M2.5 11h15M4 11v6M16 11v6M7.5 11V8.5h5V11M10 8.5V6M8.5 4.5h3V6h-3Z"/>',
        "mail": '<path d="M2.5 5h15v10.5h-15ZM2.8 5.5 10 11l7.2-5.5"/>',
        "relay": '<path d="M2 5.5h9v9H2ZM2.3 6l4.2 3.5L10.7 6M13 8h5M15.5 5.5 18 8l-2.5 2.5M13 12.5h3"/>',
        "copy": '<path d="M7 7h9.5v9.5H7ZM4.5 13H3.5V3.5H13v1"/>',
        "right": '<path d="M4 10h12M11 5l5 5-5 5"/>',
        "left": '<path d="M16 10H4M9 5l-5 5 5 5"/>',
        "search": '<circle cx="8.8" cy="8.8" r="5.3"/><path d="m12.8 12.8 4.2 4.2"/>',
        "lock": '<path d="M4.5 9h11v8h-11ZM6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9"/>',
        "flag": '<path d="M5 17.5V3M5 3.5h10l-2 3.5 2 3.5H5"/>',
        "document": '<path d="M4.5 2.5H12L15.5 6v11.5h-11ZM12 2.5V6h3.5M7.3 10h5.4M7.3 13h5.4"/>',
        "undo": '<path d="M4 8.5h8.5a4 4 0 0 1 0 8H8M7.5 5 4 8.5 7.5 12"/>',
        "inbox": '<path d="M2.5 11.5 5 4h10l2.5 7.5V16h-15ZM2.5 11.5h4.3c.3 1.7 1.4 2.5 3.2 2.5s2.9-.8 3.2-2.5h4.3"/>',
        "sun": '<circle cx="10" cy="10" r="3.3"/><path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.5 1.5M14.2 14.2l1.5 1.5M4.3 15.7l1.5-1.5M14.2 5.8l1.5-1.5"/>',
        "moon": '<path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z"/>',
        "screen": '<path d="M2.5 4h15v9.5h-15ZM7 17h6M10 13.5V17"/>',
    }
)


def drawing(name: str) -> str:
    """The SVG element of a picture; raises ``KeyError`` for a name that is none."""
    return f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
