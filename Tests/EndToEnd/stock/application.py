# SPDX-License-Identifier: Apache-2.0
"""The original server's WSGI application, for uwsgi; the configuration file is its argument.

vantage6 takes the file /.dockerenv for "I run in a container", and then keeps its files in places of the container. Some
virtual machines have that file; this changes that one function and nothing else.
"""

import sys

import python310  # noqa: F401: before the original
import vantage6.common.docker.addons as addons

addons.running_in_docker = lambda: False

from vantage6.server import run_server  # noqa: E402

app = run_server(sys.argv[1], system_folders=False).app
