"""Form fields in the house look, whichever form they come from."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, Select, Textarea
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """Return the field's control with its classes, tied to its help and error for screen readers."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        classes = "checkbox checkbox-sm checkbox-primary"
    elif isinstance(widget, Select):
        classes = "select w-full"
    elif isinstance(widget, FileInput):
        classes = "file-input w-full"
    elif isinstance(widget, Textarea):
        classes = "textarea w-full"
    else:
        classes = "input w-full"
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        classes += " input-error"
        described.append(f"{field.auto_id}_error")
    # A label says it already, and grey text in a field reads like a value.
    attributes: dict[str, str | bool] = {"class": classes, "placeholder": False}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)
