# SPDX-License-Identifier: Apache-2.0
"""What the original, made for Python 3.10, takes from its language: import this before it.

It builds names of permissions by putting members of `(str, Enum)` into texts, and since Python 3.11 that gives the name of the
member instead of its value. No line of the original is touched.
"""

import enum


def __format__(member, specification):
    return format(member.value if isinstance(member, (str, int)) else str(member), specification)


enum.Enum.__format__ = __format__
