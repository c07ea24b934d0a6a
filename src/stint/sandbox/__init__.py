"""A stand-in for the Toggl Track API v9, for demos and tests. It imports nothing of the rest of Stint.

What it does comes from Toggl's public documentation (engineering.toggl.com/docs) and from recorded answers.
"""
