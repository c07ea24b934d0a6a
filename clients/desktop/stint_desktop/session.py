"""One person's timer on one server, for the windows: what they show, and what they may ask.

Everything that waits, for the network or the disk, happens in other threads; what comes of it is told in the thread of
the windows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from stint.client.credentials import Credentials, Login, Secrets
from stint.client.queue import Queue, Shown
from stint.client.server import Refused, Server
from stint.client.state import Fields, instant, moment
from stint.client.stream import EventStream, Happened
from stint_desktop.idle import Absence, Again, Book, Choice, Remove, Step, Stop, steps
from stint_desktop.model import Link, Running, State, Task
from stint_desktop.picker import Level
from stint_desktop.saying import notice_text, refused_of, unkept_text
from stint_desktop.signing_in import CLIENT, by_token, own_name, sentence
from stint_desktop.taskbook import TaskBook, level_of, task_of
from stint_desktop.texts import gettext_ as _
from stint_desktop.work import Work

FOLDER = "desktop"
TASKS = "tasks.json"
_FOUND, _CHILDREN = 50, 200


class Session(QObject):
    """What the windows talk to. Without an account it shows that there is none, and does nothing."""

    changed = Signal(object)
    """The State, anew."""
    told = Signal(str)
    """Something to know at once, as a sentence."""

    def __init__(self, folder: Path, secrets: Secrets, work: Work) -> None:
        """`folder` is that of all programs of Stint on this computer, which share the queue."""
        super().__init__()
        self.state = State()
        self._queue_path = Credentials(folder).queue_path
        self._secrets, self._work = secrets, work
        # The terminal's sign-in is another: its token is kept elsewhere.
        self._credentials = Credentials(folder / FOLDER, secrets)
        self._login: Login | None = None
        self._queue: Queue | None = None
        self._shown: Shown | None = None
        self._stream: EventStream | None = None
        # What was done is kept in order in one thread, and sent in another: it shows at once, however long that takes.
        self._acts, self._sending = Work("acts", 1), Work("sending", 1)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.flush)
        # What people do before the keyring has given the token waits for the queue.
        self._early: list[Callable[[Queue], object]] = []
        self._book = TaskBook(folder / FOLDER / TASKS)
        self._notices_told: set[int] = set()

    @property
    def address(self) -> str:
        """The server's address; empty without one."""
        return self._login.address if self._login else ""

    def begin(self) -> bool:
        """Go on as whoever was signed in last; False where nobody was."""
        login = self._credentials.login()
        if login is not None:
            self._go_on_as(login)
        return login is not None

    def sign_in(
        self, address: str, token: str, done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Become whoever the token stands for; `failed` gets a NotConnected."""

        def become(login: Login) -> None:
            self._go_on_as(login)
            done()

        self._work.do(lambda: by_token(self._credentials, address, token), become, failed)

    def sign_out(self) -> None:
        """Forget the token here, and on the server if it was made for this app; what was queued stays."""
        self._close()
        self._login = self._queue = self._shown = None

        def tell(why: str) -> None:
            if why:
                self.told.emit(sentence(why))

        self._work.do(lambda: self._credentials.sign_out(CLIENT, own_name()), tell)
        self._show()

    def _go_on_as(self, login: Login) -> None:
        self._close()
        self._login = login

        def known() -> str | None:
            self._book.load()
            return self._secrets.read(f"{login.address} {login.user_id}")

        self._work.do(known, lambda token: self._open(login, token or ""))

    def _open(self, login: Login, token: str) -> None:
        """Open queue and stream. Without a token the server asks for a sign-in; what waits is kept all the same."""
        if login is not self._login:
            return
        self._reads, writes = (Server(login.address, token, CLIENT, login.user_id) for _ in range(2))
        queue = Queue(self._queue_path, writes)
        self._queue = queue
        self._notices_told.clear()
        queue.subscribe(lambda _shown: self._work.later(lambda: self._show_queue(queue)))
        self._show_queue(queue)
        early, self._early = self._early, []
        for what in early:
            self._act(what)
        self._look_again(queue)
        stream = EventStream(writes)
        self._stream = stream

        def tell(happened: Happened) -> None:
            self._work.later(lambda: self._heard(queue, happened))

        threading.Thread(target=stream.listen, args=[tell], name="events", daemon=True).start()

    def end(self) -> None:
        """Stop everything; what people did is on the disk then."""
        self._close()
        self._acts.finish()
        self._sending.end()

    def _close(self) -> None:
        self._again.stop()
        if self._stream:
            self._stream.close()
            self._stream = None

    # What people do

    def start(self, task: Task | None, note: str) -> None:
        """Start a timer now; what ran stops."""
        draft = Fields(task_id=task.id if task else None, note=note)
        self._book.know(task)
        self._act(lambda queue: queue.start(draft))

    def start_on(self, task: Task | None) -> None:
        """Start a timer on a task."""
        self.start(task, "")

    def stop(self) -> None:
        """Stop what runs."""
        self._act(lambda queue: queue.stop())

    def choose(self, task: Task | None) -> None:
        """Move what runs to a task."""
        self._book.know(task)
        self._edit(Fields(task_id=task.id if task else None))

    def note(self, text: str) -> None:
        """Change the note of what runs."""
        self._edit(Fields(note=text))

    def _edit(self, change: Fields) -> None:
        entry = self._shown.entry if self._shown else None
        if entry is not None:
            self._act(lambda queue: queue.edit(entry["id"], change, entry))

    def settle(self, choice: Choice, running: Running, absence: Absence, other: Task | None) -> None:
        """Do with idle time what was chosen."""
        self._book.know(other)
        wanted = steps(choice, running.start, absence, other_task=other.id if other else None)
        if wanted:
            self._act(lambda queue: self._carry_out(queue, running, wanted))

    def _carry_out(self, queue: Queue, running: Running, wanted: tuple[Step, ...]) -> None:
        entry = queue.state.entry
        if entry is None or entry["id"] != running.id:
            self._work.later(
                lambda: self.told.emit(_("Another timer runs by now; the idle time was left as it was."))
            )
            return
        for step in wanted:
            match step:
                case Stop(end):
                    queue.stop(_instant(end))
                case Remove():
                    queue.remove(entry["id"])
                case Again(start):
                    same = {name: entry[name] for name in ("task_id", "note", "tags", "billable")}
                    queue.start(cast(Fields, {**same, "start": _instant(start)}))
                case Book(start, end, task_id):
                    queue.add(Fields(task_id=task_id, start=_instant(start), end=_instant(end)))

    def retry(self, number: int) -> None:
        """Send again what was refused."""
        self._act(lambda queue: queue.retry(number))

    def discard(self, number: int) -> None:
        """Give up what was refused."""
        self._act(lambda queue: queue.discard(number))

    def dismiss(self) -> None:
        """Forget the notices that are shown: they were read."""
        numbers = [notice.no for notice in self._shown.notices] if self._shown else []
        self._act(lambda queue: queue.dismiss(*numbers))

    def _act(self, what: Callable[[Queue], object]) -> None:
        queue = self._queue
        if queue is not None:
            self._acts.do(lambda: what(queue), lambda _done: self.flush())
        elif self._login is not None:
            self._early.append(what)

    # What comes and goes

    def flush(self) -> None:
        """Send what waits."""
        if self._queue is not None:
            self._sending.do(self._queue.flush, self._flushed)

    def _flushed(self, seconds: float | None) -> None:
        if seconds is None:
            self._again.stop()
        else:
            self._again.start(int(seconds * 1000))

    def _heard(self, queue: Queue, happened: Happened) -> None:
        """Look again at what changed, or whether the server is still there."""
        if queue is self._queue and happened.kind != "sync":
            self._look_again(queue)

    def _look_again(self, queue: Queue) -> None:
        self._sending.do(queue.refresh, self._flushed)
        self._work.do(self._shortlist, lambda _done: self._show(), self._unheard)

    def _shortlist(self) -> None:
        self._book.take(self._reads.call("GET", "/tasks/shortlist"))

    def _unheard(self, fault: Exception) -> None:
        if not isinstance(fault, Refused):
            raise fault

    def level(self, parent: int | None, more: str | None, told: Callable[[Level | None], None]) -> None:
        """Ask for tasks below `parent`, for the picker."""
        self._read(
            lambda server: level_of(
                server.call(
                    "GET",
                    "/tasks",
                    parent_id="null" if parent is None else parent,
                    limit=_CHILDREN,
                    cursor=more,
                )
            ),
            told,
        )

    def found(self, words: str, told: Callable[[tuple[Task, ...] | None], None]) -> None:
        """Ask for the tasks that words find, for the picker."""
        self._read(
            lambda server: (
                level_of(server.call("GET", "/tasks", q=words, trackable="true", limit=_FOUND)).tasks
            ),
            told,
        )

    def _read(self, what: Callable[[Server], object], told: Callable[..., None]) -> None:
        if self._queue is None:
            told(None)
            return
        server = self._reads
        self._work.do(lambda: what(server), told, lambda _fault: told(None))

    # What is shown

    def _show_queue(self, queue: Queue) -> None:
        if queue is not self._queue:
            return
        self._shown = queue.state
        self._show()
        for notice in self._shown.notices:
            if notice.no not in self._notices_told:
                self._notices_told.add(notice.no)
                self.told.emit(notice_text(notice))

    def _show(self) -> None:
        state = self._present()
        if state != self.state:
            self.state = state
            self.changed.emit(state)

    def _present(self) -> State:
        shown = self._shown
        if self._login is None or shown is None:
            return State()
        return State(
            link=Link.SIGNED_OUT if shown.signed_out else Link.OFFLINE if shown.offline else Link.ONLINE,
            running=self._running(shown),
            queued=shown.queued,
            ahead=timedelta(milliseconds=shown.ahead),
            favourites=self._book.favourites,
            recent=self._book.recent,
            trouble=unkept_text(shown.unkept),
            notices=tuple(notice_text(notice) for notice in shown.notices),
            refused=tuple(refused_of(problem) for problem in shown.problems),
        )

    def _running(self, shown: Shown) -> Running | None:
        entry = shown.entry
        if entry is None:
            return None
        task_id = entry["task_id"]
        task = None if task_id is None else self._book.task(task_id) or self._look_up(task_id)
        return Running(entry["id"], task, entry["note"], moment(entry["start"]))

    def _look_up(self, task_id: int) -> Task:
        """Ask what a task is called that was never seen here; until then it has no name but a number."""
        if self._book.wonder(task_id):
            self._work.do(
                lambda: self._book.know(task_of(self._reads.call("GET", f"/tasks/{task_id}"))),
                lambda _: self._show(),
                self._unheard,
            )
        return Task(task_id, _("Task %(number)d") % {"number": task_id})


def _instant(when: datetime) -> str:
    return instant(when.timestamp() * 1000)
