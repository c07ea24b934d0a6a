"""The worker, scheduler and housekeeping threads."""

from __future__ import annotations

import threading

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from stint.server import background
from stint.server.background import Background, QueueRunner

done: list[int] = []


@task()
def note(number: int) -> None:
    done.append(number)


@task()
def fail() -> None:
    raise RuntimeError("no")


@pytest.mark.django_db(transaction=True)
def test_queued_tasks_are_run_and_a_failing_one_stops_nobody() -> None:
    done.clear()
    note.enqueue(1)
    fail.enqueue()
    note.enqueue(2)
    QueueRunner()()
    assert sorted(done) == [1, 2]
    assert not DBTaskResult.objects.ready().exists()
    assert DBTaskResult.objects.failed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_mails_have_a_worker_of_their_own() -> None:
    done.clear()
    note.using(queue_name="mail").enqueue(1)
    note.enqueue(2)
    QueueRunner(without="mail")()
    assert done == [2]
    QueueRunner(only="mail")()
    assert done == [2, 1]


def test_a_crash_is_logged_and_the_thread_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    again, calls = threading.Event(), []

    def tick() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise SystemExit("even this")
        again.set()

    for name, value in {"_tick": tick, "_keep_house": lambda: None, "AFTER_FAULT_SECONDS": 0.01}.items():
        monkeypatch.setattr(background, name, value)
    monkeypatch.setattr(background, "TICK_SECONDS", 0.01)
    threads = Background(workers=0)
    threads.start()
    assert again.wait(10)
    threads.stop()
    assert "stint-scheduler failed" in caplog.text
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("stint-scheduler")]
