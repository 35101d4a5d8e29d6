"""Case references such as ``UB-7K3M-92QX``: made to be read out on the phone.

Seven random characters and a check character, from Crockford's base 32 alphabet (no I, L, O or
U). The check is ISO 7064's hybrid system (MOD 33, 32), the alphabetic kin of MOD 11,10: it finds
every single wrong character and nearly every swap of neighbours.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
PREFIX = "UB"
LENGTH = 7


def new_reference() -> str:
    """A reference that nobody can guess from another; 32**7 of them."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _written(body + check_character(body))


def check_character(body: str) -> str:
    """The character that makes ``body`` valid (ISO 7064, hybrid MOD 33, 32)."""
    size = len(ALPHABET)
    rest = size
    for character in body:
        rest = (rest + ALPHABET.index(character)) % size or size
        rest = rest * 2 % (size + 1)
    return ALPHABET[(size + 1 - rest) % size]


def parse_reference(text: str) -> str | None:
    """The reference as it is stored, from what a person typed or heard; ``None`` if it is none."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    if plain.startswith(PREFIX) and len(plain) == len(PREFIX) + LENGTH + 1:
        plain = plain.removeprefix(PREFIX)
    plain = plain.translate(LOOK_ALIKES)
    if len(plain) != LENGTH + 1 or not set(plain) <= set(ALPHABET):
        return None
    return _written(plain) if check_character(plain[:-1]) == plain[-1] else None


def _written(plain: str) -> str:
    return f"{PREFIX}-{plain[:4]}-{plain[4:]}"
