"""Stint: an open, self-hosted time tracker that mirrors Toggl Track."""

__version__ = "0.1.0"
