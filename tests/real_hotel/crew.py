"""The clients: desks that work through one queue of tasks at the same time."""

import queue
import threading
from collections import Counter

from desk import Refused

PASSWORD = "A desk's own 1 password"


class Crew:
    """So many threads, each with a desk of its own and a receptionist's login."""

    def __init__(self, hotel, count):
        self.failures = []
        self._tasks = queue.Queue()
        self._hire(hotel, count)
        self.desks = [hotel.desk(f"desk{n}", PASSWORD) for n in range(1, count + 1)]
        self._threads = [threading.Thread(target=self._serve, args=(number,), daemon=True)
                         for number in range(count)]
        for thread in self._threads:
            thread.start()

    def work(self, tasks):
        """Has all tasks (callables that take a desk) done, and waits for them."""
        for task in tasks:
            self._tasks.put(task)
        self._tasks.join()

    def dismiss(self):
        """Ends the threads and their connections."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        for desk in self.desks:
            desk.close()

    def statuses(self):
        """Answers by HTTP status, over all desks."""
        return sum((desk.statuses for desk in self.desks), Counter())

    def latencies(self):
        return [seconds for desk in self.desks for seconds in desk.latencies]

    @staticmethod
    def _hire(hotel, count):
        owner = hotel.desk()
        # The hotel sold as its market paid, far from any list of prices.
        owner.patch("/api/settings/limits", limits=[{"kind": "discount", "receptionist_amount": None}])
        for number in range(1, count + 1):
            owner.post("/api/users", username=f"desk{number}", full_name=f"Desk {number}",
                       role="receptionist", password=PASSWORD)
        owner.close()

    def _serve(self, number):
        """One thread: task after task; what goes wrong is kept for the report."""
        desk = self.desks[number]
        desk.number = number
        while (task := self._tasks.get()) is not None:
            try:
                task(desk)
            except Refused as refused:
                self.failures.append(str(refused))
            except Exception as error:  # A thread that dies would leave the queue waiting.
                self.failures.append(f"{type(error).__name__}: {error}")
                desk.close()
            finally:
                self._tasks.task_done()
        self._tasks.task_done()
