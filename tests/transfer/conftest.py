"""An account with something of everything in it."""

from __future__ import annotations

import everything
import pytest
from domain import ada, eve, grace, mary, real_database

from stint.accounts.queries import Caller

__all__ = ["ada", "eve", "grace", "mary", "real_database"]


@pytest.fixture
def rich(real_database: None, ada: Caller, grace: Caller, mary: Caller, eve: Caller) -> Caller:
    """Ada, whose account has mirrored and native tasks, time with history, and people in every state."""
    everything.fill(ada, grace, mary, eve)
    return ada
