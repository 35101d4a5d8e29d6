"""Domains that give mailboxes to anybody: they say nothing about whose a mailbox is."""

from importlib.metadata import version

from disposable_email_domains import blocklist

from lookups.registrable import registrable

# Mailboxes that anybody gets without being known; large providers of several countries.
FREE_MAIL = frozenset(
    {
        "aol.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
        "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mail.ru", "me.com", "msn.com",
        "naver.com", "orange.fr", "outlook.com", "proton.me", "protonmail.com", "qq.com", "t-online.de",
        "tutanota.com", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.com", "yandex.com", "yandex.ru", "zoho.com",
        "163.com", "126.com",
    }
)  # fmt: skip
THROW_AWAY_LIST = f"disposable-email-domains {version('disposable-email-domains')}"
"""Where throw-away domains are known from."""


def domain_of_mailbox(mailbox: str) -> str:
    """What stands after the last ``@``, in lower case; blank where there is none."""
    return mailbox.rpartition("@")[2].lower()


def is_throw_away(domain: str) -> bool:
    """Whether it gives out mailboxes that last for minutes."""
    return domain in blocklist or registrable(domain) in blocklist


def is_of_anybody(domain: str) -> bool:
    """Whether anybody may have a mailbox there."""
    return domain in FREE_MAIL or is_throw_away(domain)
