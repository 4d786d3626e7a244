# SPDX-License-Identifier: Apache-2.0
"""Original vantage6 4.15.2 nodes as processes at our server, in an open and an encrypted collaboration."""

import signal

import original
from network import ROOT
from servers import free_port
from stock.server import HERE, StockServer

CONFIGURATION = """\
api_key: {api_key}
server_url: http://127.0.0.1
port: {port}
api_path: /api
task_dir: {folder}/{name}
databases:
  - {{label: default, uri: {data}, type: csv}}
encryption: {{enabled: {encrypted}, private_key: {key}}}
policies:
  allowed_algorithms: ['^{registry}/v6/.*$']
logging:
  level: DEBUG
  file: node.log
  use_console: true
  backup_count: 2
  max_size: 10240
  format: '%(asctime)s %(name)s %(levelname)s %(message)s'
  datefmt: '%Y-%m-%d %H:%M:%S'
"""


class StockNodes(StockServer):
    """The original nodes of two new organizations at the server of the network."""

    def start(self):
        self.port = self.network.port
        self.networks = {}

    def seed(self):
        super().seed(self.client("root", self.network.password("root")), prefix="stock-")

    def name(self, node):
        """The name of a configuration, which becomes part of names at the engine."""
        return f"{self.folder.name}-{node}"

    def gateway(self, node):
        """The address of this machine in the network that the node will use: a node outside a container cannot name it."""
        if node not in self.networks:
            made = self.network.call_engine(
                "POST", "/networks/create", {"Name": f"vantage6-{self.name(node)}-user-net", "Driver": "bridge"})["Id"]
            self.networks[node] = made
        return self.network.ask_engine(f"/networks/{self.networks[node]}")["IPAM"]["Config"][0]["Gateway"]

    def start_node(self, node):
        kind, site = node.split("-")
        file = self.folder / f"{self.name(node)}.yaml"
        file.write_text(CONFIGURATION.format(
            api_key=self.api_keys[node], port=self.port, folder=self.folder, name=node,
            data=ROOT / "examples/data" / ("alpha.csv" if site == "north" else "beta.csv"),
            encrypted="true" if kind == "encrypted" else "false", key=self.folder / f"{site}.pem",
            registry=self.network.registry.replace(".", r"\.")))
        self.spawn(
            node, original.environment() / "bin/python", HERE / "command.py", "start", "-c", file, "-n", self.name(node), "--user",
            HOME=str(self.folder), PROXY_SERVER_HOST=self.gateway(node), PROXY_SERVER_PORT=str(free_port()),
            PYTHONUNBUFFERED="1")

    def remove(self):
        """Ends the nodes, and removes what they leave at the engine."""
        for node in self.api_keys:
            if node in self.processes and self.processes[node].poll() is None:
                self.kill(node, signal.SIGTERM)
            for container in self.network.containers(node=self.name(node)):
                self.network.call_engine("DELETE", f"/containers/{container['Id']}?force=true&v=true")
        for made in self.networks.values():
            self.network.call_engine("DELETE", f"/networks/{made}")
