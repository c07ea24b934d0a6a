"""A report's page leads to its files, which answer the same question."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from domain import ada

from stint.accounts.models import User
from stint.accounts.queries import Caller

__all__ = ["ada"]


@pytest.mark.django_db
def test_the_page_leads_to_files_that_answer_its_question(ada: Caller) -> None:
    client = Client()
    client.force_login(
        User.objects.get(pk=ada.user_id), "allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get("/reports?range=last_month&group_by=user").content.decode()
    links = [unescape(link) for link in re.findall(r'href="(/api/v1/reports/export[^"]+)"', page)]
    assert [re.sub(r"\?.*", "", link) for link in links] == [
        f"/api/v1/reports/export.{kind}" for kind in ("csv", "xlsx", "pdf")
    ]
    for link in links:
        assert "range=last_month" in link
        assert client.get(link).status_code == 200
