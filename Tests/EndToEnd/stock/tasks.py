# SPDX-License-Identifier: Apache-2.0
"""Tasks of one collaboration, through the original client; the same for every mixture of original and own parts."""

from network import wait_until
from stock.server import PASSWORD


class Tasks:
    """What a researcher of 'north' does. `site` has organizations, collaborations, keys and clients."""

    def __init__(self, site, kind):
        self.site = site
        self.kind = kind
        self.client = site.client("north", PASSWORD)
        if kind == "encrypted":
            self.client.setup_encryption(str(site.folder / "north.pem"))

    def create(self, image, method="sleep", sites=("north",), **kwargs):
        task = self.client.task.create(
            collaboration=self.site.collaborations[self.kind], name="t", description="", image=image,
            organizations=[self.site.organizations[site] for site in sites],
            input_={"method": method, "args": [], "kwargs": kwargs}, databases=[{"label": "default"}],
        )
        return task["id"]

    def runs(self, task):
        return self.client.run.from_task(task)["data"]

    def wait(self, task, seconds=60):
        wait_until(
            f"end of task {task}", lambda: all(run["finished_at"] for run in self.runs(task)), seconds
        )
        return [run["status"] for run in self.runs(task)]

    def results(self, task):
        return [item["result"] for item in self.client.result.from_task(task)["data"]]

    def wait_active(self, task, seconds=60):
        wait_until("active run", lambda: [run["status"] for run in self.runs(task)] == ["active"], seconds)
