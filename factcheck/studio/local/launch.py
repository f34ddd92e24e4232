"""The first process of the local server; runs inside Label Studio's own environment and imports nothing of ours.

`python -I -u launch.py LOCK ARGUMENT...`: LOCK is an inherited, locked file descriptor. It gets the process id and
stays locked for as long as this process lives, so whoever can lock that file knows that no server runs.
"""

import os
import sys


def main() -> None:
    """Label Studio's own command line, after our two lines of preparation."""
    lock = int(sys.argv[1])
    os.set_inheritable(lock, False)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode("ascii"), 0)

    # These two live in the server's environment only, where no type checker looks.
    from django.core.servers.basehttp import WSGIRequestHandler  # type: ignore[import-not-found]
    from label_studio.server import main as label_studio  # type: ignore[import-not-found]

    # Without it every answer on a kept connection waits 44 ms for a delayed ACK (Nagle's algorithm).
    WSGIRequestHandler.disable_nagle_algorithm = True
    sys.argv = ["label-studio", *sys.argv[2:]]
    label_studio()


if __name__ == "__main__":
    main()
