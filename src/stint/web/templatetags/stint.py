"""What templates need beyond Django: icons, durations, moments in the reader's zone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe

from stint.rates.money import written
from stint.web.icons import ICONS
from stint.web.timer import state
from stint.web.words import kit_words

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "size-4") -> SafeString:
    """Return an icon as SVG, hidden from screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="{} shrink-0" width="16" height="16" viewBox="0 0 24 24" '
        'fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        classes,
        mark_safe(ICONS[name]),  # noqa: S308  (our own drawing)
    )


@register.simple_tag
def dot(color: str) -> SafeString:
    """Return a task's colour as a dot. An attribute of SVG, since the page's policy forbids style attributes."""
    return format_html(
        '<svg class="size-2 shrink-0" viewBox="0 0 8 8" aria-hidden="true">'
        '<circle cx="4" cy="4" r="4" fill="{}"/></svg>',
        color or "currentColor",
    )


@register.simple_tag
def words() -> SafeString:
    """Return the kit's words as a block of JSON."""
    return json_script(kit_words(), "words")


@register.simple_tag(takes_context=True)
def timer_state(context: Context) -> SafeString:
    """Return what the timer bar shows first, as a block of JSON; see clients/kit/src/timer-bar.ts."""
    return json_script(state(context["caller"]), "timer")


@register.filter
def initials(name: str) -> str:
    """Return the first letters of a name's first and last word, as AL."""
    words = name.split() or ["?"]
    return "".join(word[0].upper() for word in dict.fromkeys((words[0], words[-1])))


@register.filter
def duration(seconds: int) -> str:
    """Return seconds as h:mm:ss, as 1:05:09."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


@register.filter
def hours(seconds: int) -> str:
    """Return seconds as h:mm, cut off, as 1:05."""
    return duration(seconds).rsplit(":", 1)[0]


@register.filter
def spent(seconds: int, decimal: object = False) -> str:
    """Return seconds rounded to minutes as h:mm, as 1:05; with `decimal` in hours, as 1.08."""
    if decimal:
        return number_format(seconds / 3600, decimal_pos=2, use_l10n=True, force_grouping=True)
    minutes = (abs(seconds) + 30) // 60
    return f"{'−' if seconds < 0 and minutes else ''}{minutes // 60}:{minutes % 60:02}"


@register.filter
def money(amount: str) -> str:
    """Return an amount, a decimal text, as the reader's language writes it: 1,234.50 or 1.234,50."""
    return written(amount) if amount else ""


@register.filter
def typed(amount: str) -> str:
    """Return a decimal text as people type it in the reader's language: 1234.50 or 1234,50."""
    return number_format(Decimal(amount)) if amount else ""


@register.filter
def short(amount: str) -> str:
    """Return a decimal text as the reader's language writes it, without zeros that say nothing: 12.5, 40."""
    number = Decimal(amount)
    return number_format(
        number.quantize(1) if number == int(number) else number.normalize(), force_grouping=True
    )


@register.filter
def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day of an instant in a zone, as 09:05."""
    return date_format(moment.astimezone(zone), "CLOCK_FORMAT")


@register.filter
def moment(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant in a zone, as 23 Nov 2026, 09:05."""
    return date_format(instant.astimezone(zone), "MOMENT_FORMAT")
