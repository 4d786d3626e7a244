# SPDX-License-Identifier: Apache-2.0
"""Recorded exchanges with the original server, sent again to ours."""
