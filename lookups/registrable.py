"""The domain that somebody registered, by the public suffix list."""

from functools import cache

from publicsuffixlist import PublicSuffixList


def registrable(domain: str) -> str:
    """``shop.example`` of ``mail.shop.example``; a public suffix is left as it is."""
    name = domain.rstrip(".").lower()
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
