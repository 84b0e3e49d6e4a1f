"""The process that asks: one JSON object a line over descriptor 3."""

import fcntl
import json
import os
import queue
import socket
import sys
import threading

PIPE = 3


class Parent:
    """The other end of descriptor 3. When it closes, this process ends at once: the server takes back what is open."""

    def __init__(self):
        # Moved away, and nothing left in its place: what code writes to a low descriptor by accident reaches neither it nor a connection
        # that would get its number. None of these is inherited by programs.
        moved = fcntl.fcntl(PIPE, fcntl.F_DUPFD_CLOEXEC, 100)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, PIPE, inheritable=False)
        os.close(nothing)
        self.socket = socket.socket(fileno=moved)
        self.asked = queue.Queue()
        # What was taken and is somebody else's to answer.
        self.left = None
        # The question that waits for its answer: its id.
        self.waits = None
        os.register_at_fork(after_in_child=lambda: os.close(moved))
        threading.Thread(target=self._listen, daemon=True).start()

    def take(self, patience=None):
        """The next question, which now waits for its answer; None when none comes in so many seconds."""
        message, self.left = self.left, None
        if message is None:
            try:
                message = self.asked.get(timeout=patience)
            except queue.Empty:
                return None
        self.waits = message["id"]
        return message

    def leave(self, message):
        """It was taken too early: the next take gives it again."""
        self.left, self.waits = message, None

    def answer(self, outcome):
        """{result} or {error}, for the question that waits. What was printed until now is told before it."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        asked, self.waits = self.waits, None
        self.tell({"id": asked, **outcome})

    def tell(self, message):
        self.socket.sendall((json.dumps(message, default=str) + "\n").encode())

    def _listen(self):
        try:
            with self.socket.makefile("rb") as lines:
                for line in lines:
                    self.asked.put(json.loads(line))
        except (OSError, ValueError):
            pass
        os._exit(0)
