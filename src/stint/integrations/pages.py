"""Raw answers kept in the database while a read goes on, so that nothing is asked of the source twice."""

from __future__ import annotations

import zlib
from datetime import timedelta

from django.utils import timezone

from stint.integrations.models import FetchedPage, Integration

# What a preview has read a Save right after it carries out: the same state, and no request more.
PREVIEW_LIFE = timedelta(minutes=2)


class StoredPages:
    """The page store of one integration; see `toggl.paging.PageStore`."""

    def __init__(self, integration: Integration) -> None:
        self._integration = integration

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key."""
        page = FetchedPage.objects.filter(integration=self._integration, key=key).only("body").first()
        return None if page is None else zlib.decompress(page.body)

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer."""
        FetchedPage.objects.update_or_create(
            integration=self._integration,
            key=key,
            defaults={"body": zlib.compress(body, 1), "fetched_at": timezone.now()},
        )

    def forget(self, *, keep_fresh: bool = False) -> None:
        """Drop what is kept; with `keep_fresh` only once it is older than a preview may be."""
        pages = FetchedPage.objects.filter(integration=self._integration)
        if keep_fresh and not pages.filter(fetched_at__lt=timezone.now() - PREVIEW_LIFE).exists():
            return
        pages.delete()
