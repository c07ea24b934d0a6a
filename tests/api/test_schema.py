"""The whole OpenAPI document, driven by generated requests in this process: answers are as it says, never 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from toggl.stand_in import StandIn

from .conftest import ApiClient

EXAMPLES = 25
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer on the test's own connection, which Django would close before and after each request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        response = _django(environ, start_response)
        # What is streamed reads the database over a connection of its own, which does not see the test's transaction.
        body = b"" if response.streaming else response.content
        response.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return [body]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# Answered by the event streams beside Django.
operations = schema.exclude(path="/api/v1/events")


@operations.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.django_db
def test_answers_are_as_documented(case: Case, administrator: ApiClient, track: StandIn) -> None:
    # Rules such as "the parent is not archived" refuse requests that no schema can tell from good ones.
    excluded = [positive_data_acceptance]
    if case.query or case.media_type == "multipart/form-data":
        # A field without a value counts as absent, of several the last counts: lenient where it does no harm.
        excluded.append(negative_data_rejection)
    case.call_and_validate(
        headers={"Authorization": f"Bearer {administrator.token}"}, excluded_checks=excluded
    )
