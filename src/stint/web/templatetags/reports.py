"""What the pages of reports draw and link."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stint.web.report_pages import Question
from stint.web.templatetags.stint import spent

register = template.Library()


@register.simple_tag
def report_address(asked: Question, view: str = "", **changes: object) -> str:
    """Return the address that asks the same in another view, or with changes."""
    return asked.address(view, **changes)


@register.simple_tag
def difference(seconds: int, before: int, decimal: bool) -> str:
    """Return by how much time is more or less than before, as +1:30 (12 %); "" where nothing was before."""
    if not before:
        return ""
    sign, percent = "+" if seconds > before else "", round(100 * (seconds - before) / before)
    return f"{sign}{spent(seconds - before, decimal)} ({sign}{percent}\u00a0%)".replace("-", "−")


@register.simple_tag
def percent(seconds: int, total: int) -> int:
    """Return the share of a total, in whole per cent."""
    return round(100 * seconds / total) if total else 0


@register.simple_tag
def half(seconds: int) -> int:
    """Return half of some seconds."""
    return seconds // 2


@register.simple_tag
def share(seconds: int, total: int, color: str) -> SafeString:
    """Return a share of a total as a bar; the number beside it says the same."""
    return format_html(
        '<svg class="share" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="share-all" width="1000" height="8" rx="4"/><rect width="{}" height="8" rx="4" fill="{}"/></svg>',
        round(1000 * seconds / total) if total else 0,
        color or "currentColor",
    )
