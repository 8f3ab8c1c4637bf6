"""Load at a fixed rate, measured from the planned moment of every request."""

from __future__ import annotations

import json
import random
import threading
import time
from http.client import HTTPConnection

from end_to_end.stack import Failure


class Load:
    """Requests at a fixed rate, whatever the answers do: an open model. Every client stays below its rate limit."""

    def __init__(self, port: int, tokens: list[str], reads: float) -> None:
        self.port = port
        self.tokens = tokens
        self.reads = reads
        self.random = random.Random(1)
        self.lock = threading.Lock()
        self.connections = threading.local()
        self.taken: list[float] = []
        self.failed: list[str] = []
        self.ids: dict[str, list[str]] = {}
        self.count = 0

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        with self.lock:
            self.count += 1
            token = self.tokens[self.count % len(self.tokens)]
        connection = getattr(self.connections, "open", None) or HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.connections.open = connection
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError as error:
            connection.close()
            return 0, str(error).encode()

    def create(self, resource: str, body: dict[str, object]) -> str:
        status, text = self.ask("POST", f"/api/v1/{resource}", body)
        if status != 201:
            raise Failure(f"POST {resource}: {status} {text!r}")
        found = str(json.loads(text)["data"]["id"])
        self.ids.setdefault(resource, []).append(found)
        return found

    def fill(self) -> None:
        for number in range(200):
            if number % 20 == 0:
                branch = self.create("branches", {"name": f"load {number}", "street": "Main Street 1", "openedOn": "2001-04-01"})
            money = {"deposit": "20.00", "depositCurrency": "EUR"}
            tool = {"barcode": f"load-{number}", "title": f"Drill {number}", "branchId": branch, "condition": "good", **money}
            member = {"card": f"load-{number}", "fullName": "A Member", "active": True}
            self.create("loans", self.loan(self.create("tools", tool), self.create("members", member)))

    @staticmethod
    def loan(tool: str, member: str) -> dict[str, object]:
        return {"toolId": tool, "memberId": member, "dueOn": "2030-01-31", "renewals": 0}

    def one(self) -> tuple[int, bytes]:
        pick = self.random.choice
        if self.random.random() >= self.reads:
            return self.ask("POST", "/api/v1/loans", self.loan(pick(self.ids["tools"]), pick(self.ids["members"])))
        kind = self.random.random()
        if kind < 0.5:
            return self.ask("GET", f"/api/v1/tools?filter[branchId]={pick(self.ids['branches'])}&sort=title")
        if kind < 0.7:
            return self.ask("GET", f"/api/v1/loans?filter[memberId]={pick(self.ids['members'])}&sort=-createdAt")
        return self.ask("GET", f"/api/v1/tools/{pick(self.ids['tools'])}")

    def worker(self, start: float, step_s: float, end: float) -> None:
        due = start
        while due < end:
            time.sleep(max(0.0, due - time.perf_counter()))
            status, text = self.one()
            with self.lock:
                self.taken.append(time.perf_counter() - due)  # from the planned moment: waiting in line counts
                if not 200 <= status < 300:
                    self.failed.append(f"{status} {text[:200]!r}")
            due += step_s

    def run(self, rate: float, seconds: float) -> None:
        workers = max(8, round(rate / 4))
        begin = time.perf_counter() + 0.5
        threads = [
            threading.Thread(target=self.worker, args=(begin + number / rate, workers / rate, begin + seconds)) for number in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def quantile(self, share: float) -> float:
        ordered = sorted(self.taken)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
