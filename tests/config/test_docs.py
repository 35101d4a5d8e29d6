"""docs/running.md names every variable of the environment as the product reads it."""

import re
from collections.abc import Iterator

from config.environment import Environment
from engines.places import PROJECT
from tests.config.test_environment import PRODUCTION

OF_THE_PROGRAM = {
    "VAR_DIR": ("`var/` beside `manage.py`", "The folder of the data, of static files and of logs."),
}


def rows() -> Iterator[str]:
    for name, field in Environment.model_fields.items():
        default = field.get_default(call_default_factory=True)
        is_shown = default not in (None, "", [])
        mark = "*" if name.upper() in PRODUCTION else ""
        description = (field.description or "").replace("|", r"\|")
        yield f"| `{name.upper()}`{mark} | {default if is_shown else ''} | {description} |"
    for name, (default, description) in OF_THE_PROGRAM.items():
        yield f"| `{name}` | {default} | {description} |"


def test_the_table_is_complete_and_says_what_the_code_says() -> None:
    text = (PROJECT / "docs" / "running.md").read_text()
    table = re.findall(r"^\| `[A-Z_]+`\*? \|.*$", text, re.MULTILINE)
    assert table == list(rows())


def test_no_other_variable_is_read() -> None:
    reads = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)"([A-Z_]+)""")
    code = [path.read_text() for folder in ("engines", "config") for path in (PROJECT / folder).rglob("*.py")]
    read = {name for text in code for name in reads.findall(text)}
    known = {name.upper() for name in Environment.model_fields} | set(OF_THE_PROGRAM)
    assert read - known <= {"PATH", "DJANGO_SETTINGS_MODULE"}
