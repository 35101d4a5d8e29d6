"""An earlier document as a new version: the same text, with another id and another beginning."""

import re
from datetime import datetime
from typing import cast

import yaml

AGAIN = re.compile(r"-again-\d{4}-\d{2}-\d{2}$")
LONGEST_ID = 64


def id_again(version_id: str, at: datetime) -> str:
    """``<old-id>-again-<day>``, however often it was brought back before."""
    tail = f"-again-{at:%Y-%m-%d}"
    return AGAIN.sub("", version_id)[: LONGEST_ID - len(tail)].rstrip("-") + tail


def document_again(document: str, version_id: str, effective_from: datetime) -> str:
    """The document with these two values in place of its own; all else stays, comments too."""
    new = {"id": version_id, "effective_from": f"{effective_from:%Y-%m-%dT%H:%M:%SZ}"}
    # It was a version, so it is a mapping.
    root = cast(yaml.MappingNode, yaml.compose(document, Loader=yaml.BaseLoader))
    spans = [(node.start_mark.index, node.end_mark.index, key.value) for key, node in root.value]
    for start, end, key in reversed(spans):
        if key in new:
            line_end = "\n" * document[start:end].endswith("\n")
            document = document[:start] + new[key] + line_end + document[end:]
    return document
