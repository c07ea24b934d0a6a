"""Money and hours as exact numbers. Pure: no clock, no database.

What time is worth is counted in whole units: seconds times the thousandths of a rate an hour. Only a figure that
is shown is rounded, once.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stint.errors import Invalid

DEFAULT_CURRENCY = "EUR"
UNITS = 3_600_000  # an hour at a rate of 1.000
THOUSANDTH = Decimal("0.001")
LARGEST = Decimal("999999999.999")
CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP"
    " CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG"
    " HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL"
    " MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR"
    " RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD"
    " TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_SPACES = re.compile(r"[\s'\u2019]")  # between thousands, as the French and the Swiss write
_SIGNS = re.compile(r"[.,]")
# Digits with signs: none, one before the decimals, or thousands parted by one and decimals by the other.
_NUMBER = re.compile(
    r"\d+ | \d*[.,]\d+ | \d+[.,] | \d{1,3}(?:(?:\.\d{3})+(?:,\d*)?|(?:,\d{3})+(?:\.\d*)?)",
    re.ASCII | re.VERBOSE,
)
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"


def places(currency: str) -> int:
    """Return how many decimals amounts of a currency have."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def thousandths(amount: Decimal) -> int:
    """Return an amount in whole thousandths."""
    return int(amount * 1000)


def rounded(units: int, decimals: int) -> str:
    """Return what is counted in units as a decimal text, half away from zero."""
    return f"{(Decimal(units) / UNITS).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def shown(amount: Decimal, decimals: int) -> str:
    """Return a stored amount as a decimal text: with `decimals`, or with more where it has more."""
    least = Decimal(1).scaleb(-decimals)
    return f"{amount.quantize(least if amount == amount.quantize(least) else THOUSANDTH):f}"


def written(amount: str) -> str:
    """Return a decimal text as the present language writes it: 1,234.50 or 1.234,50."""
    return number_format(Decimal(amount), force_grouping=True)


def typed(field: str, text: str) -> str:
    """Return as a decimal text the number that a person typed with a point or a comma: 95.50, 95,5, 1.234,50.

    Raises:
        Invalid: it is none, or what stands before three last digits may part thousands as well as decimals (1.234).

    """
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(plain):
        raise Invalid(field, _("must be a number such as %(example)s") % {"example": written("95.50")})
    signs = _SIGNS.findall(plain)
    whole, _sign, decimals = plain.rpartition(signs[-1]) if signs else (plain, "", "")
    if len(signs) > 1 and len(set(signs)) == 1:
        return "".join(_SIGNS.split(plain))
    if len(signs) == 1 and len(decimals) == 3 and len(whole) <= 3 and whole.strip("0"):
        raise Invalid(
            field,
            _("can be read in two ways: type %(thousands)s or %(decimals)s")
            % {"thousands": whole + decimals, "decimals": f"{whole}{signs[0]}{decimals}0"},
        )
    return f"{''.join(_SIGNS.split(whole))}.{decimals}" if signs else plain


def read_amount(field: str, given: str | Decimal, *, zero: bool) -> Decimal:
    """Return a typed amount ("95", "95.50"); `zero` tells whether it may be none.

    Raises:
        Invalid: it is no such number, has more than three decimals, or lies outside of what can be stored.

    """
    try:
        amount = Decimal(given)
        fits = amount.is_finite() and 0 <= amount <= LARGEST and amount == amount.quantize(THOUSANDTH)
    except InvalidOperation:
        fits = False
    if not fits or (not amount and not zero):
        least = "0" if zero else "0.001"
        raise Invalid(
            field,
            _("must be a number such as 95.50, from %(least)s to %(most)s, with at most three decimals")
            % {"least": least, "most": f"{LARGEST}"},
        )
    return amount.quantize(THOUSANDTH)


def check_currency(code: str) -> str:
    """Return a currency as it is stored.

    Raises:
        Invalid: it is none of ISO 4217.

    """
    if code.strip().upper() not in CURRENCIES.split():
        raise Invalid("currency", _("must be a currency of ISO 4217, such as EUR, USD or CHF"))
    return code.strip().upper()
