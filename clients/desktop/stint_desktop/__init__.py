"""Stint for the desktop: a tray icon and a small task widget that stays on top.

It needs no Django and no server in the same place: it talks to any Stint by `stint.client`.
"""
