# SPDX-License-Identifier: Apache-2.0
"""The original node's command, run outside a container.

vantage6 takes the file /.dockerenv for "I run in a container", and some virtual machines have that file. 4.15.2 also reads an
attribute that only the context of containers has. This changes those two and nothing else.
"""

import python310  # noqa: F401: before the original
import vantage6.common.docker.addons as addons

addons.running_in_docker = lambda: False

from vantage6.cli.context.node import NodeContext  # noqa: E402
from vantage6.node.cli.node import cli_node  # noqa: E402

NodeContext.running_in_docker = False
cli_node(prog_name="vnode-local")
