"""`python -m factcheck` is the command line."""

import _signal  # type: ignore[import-not-found]  # built in; `signal` itself is a file to be read

if __name__ == "__main__":
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # until `main` takes it over: not a traceback
    from factcheck.cli import main

    main()
