"""What `stint status` shows."""

from __future__ import annotations

from stint.cli.person import answer, carried_out, duration, person, told


def show(*, as_json: bool) -> None:
    """Print what runs."""
    who = person()
    carried_out(who)
    runs = who.queue.state.entry
    entry = who.whole(runs) if runs else None
    said = "No timer is running."
    if entry and not as_json:
        length = duration(entry["seconds"], to_the_second=True)
        said = f"{told(who, entry)}, {length} since {who.clock(entry['start'])}"
    answer(entry, who.queue.state.queued, as_json=as_json, said=said)
