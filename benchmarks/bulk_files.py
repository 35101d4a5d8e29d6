"""Files for the bulk benchmarks: the same rows each time."""

import random
from itertools import islice
from pathlib import Path
from uuid import UUID

OFFERS = (
    ("MS-AZR-0003P", "PayAsYouGo_2014-09-01"),
    ("MS-AZR-0044P", "FreeTrial_2014-09-01"),
    ("MS-AZR-0017P", "EnterpriseAgreement_2014-09-01"),
    ("MS-AZR-0145P", "CSP_2015-05-01"),
    ("MS-AZR-0025P", "MPN_2014-09-01"),
    ("", "MPN_2014-09-01"),
)
CUSTOMERS = 5_000
PARTNERS = 200


def eligibility_file(path: Path, rows: int) -> Path:
    """Rows of ``eligibility --file``: creation times to the second."""
    dice = random.Random(25)  # noqa: S311  # the same rows each time
    with path.open("w", encoding="utf-8") as file:
        file.write("offer_id,quota_id,family,created_at,account_age_days,paid_invoices\n")
        for _ in range(rows):
            offer_id, quota_id = dice.choice(OFFERS)
            amounts = f"{dice.randrange(900)},{dice.randrange(20)}"
            file.write(f"{offer_id},{quota_id},,{_created(dice)},{amounts}\n")
    return path


def subscriptions_file(path: Path, rows: int) -> Path:
    """Rows of ``import_subscriptions``: customers and partners as many as a provider of that size has."""
    dice = random.Random(26)  # noqa: S311  # the same rows each time
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "subscription_id,name,offer_id,quota_id,created_at,state,"
            "customer_number,customer_name,partner_number,partner_name\n"
        )
        for number in range(rows):
            offer_id, quota_id = dice.choice(OFFERS)
            customer, partner = dice.randrange(CUSTOMERS), dice.randrange(PARTNERS)
            seller = f"P-{partner},Partner {partner}" if offer_id == "MS-AZR-0145P" else ","
            subscription_id = UUID(int=dice.getrandbits(128), version=4)
            file.write(
                f"{subscription_id},Web shop {number},{offer_id},{quota_id},{_created(dice)},active,"
                f"C-{customer},Customer {customer},{seller}\n"
            )
    return path


def beginning_of(path: Path, rows: int) -> Path:
    """The header and the first rows of a file, as another file."""
    part = path.with_stem(f"{path.stem}-{rows}")
    with path.open("rb") as file, part.open("wb") as out:
        out.writelines(islice(file, rows + 1))
    return part


def _created(dice: random.Random) -> str:
    day = f"{dice.randint(2014, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return f"{day}T{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}Z"
