"""Toggl Track: its client, what is read of a workspace, and its webhooks."""
