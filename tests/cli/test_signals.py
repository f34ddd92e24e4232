"""Signals where a handler's exception does not get through: it is swallowed, turned into another, or comes too late."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

BOTH = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
HEAD = """
import os, signal, sys, time
from factcheck.cli import signals
signals.install()
def ask(number=signal.{name}):
    os.kill(os.getpid(), number)
def work():
    until = time.monotonic() + 20
    while time.monotonic() < until:
        time.sleep(0.01)
    print("swallowed")
"""


def run(number: signal.Signals, code: str) -> subprocess.CompletedProcess[str]:
    script = HEAD.replace("{name}", number.name) + code + "\nsignals.leave(0)\n"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(("number", "code"), BOTH)
@pytest.mark.parametrize(
    "swallowed",
    [
        "try:\n    ask()\nexcept BaseException:\n    pass\nwork()",
        "class Dying:\n    def __del__(self):\n        ask()\nDying()\nwork()",
        "import ctypes\n@ctypes.CFUNCTYPE(None)\ndef called():\n    ask()\ncalled()\nwork()",
        "import threading\nthreading.Timer(0.2, ask).start()\ntime.sleep(0.5)\nwork()",
        "ask()",
        "signals.settle()\nask()",
    ],
    ids=["except", "finalizer", "callback of C code", "asleep", "outside", "when all is done"],
)
def test_whatever_swallows_the_exception_the_process_ends_with_the_code(
    number: signal.Signals, code: int, swallowed: str
) -> None:
    ended = run(number, swallowed)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


def test_an_import_is_not_cut_in_half() -> None:
    code = "import importlib.abc, importlib.util\nclass Slow(importlib.abc.Loader, importlib.abc.MetaPathFinder):\n"
    code += "    def find_spec(self, name, path, target=None):\n"
    code += "        return importlib.util.spec_from_loader(name, self) if name == 'slow' else None\n"
    code += "    def exec_module(self, module):\n        ask()\n        time.sleep(0.4)\n        print('whole')\n"
    code += "sys.meta_path.insert(0, Slow())\nimport slow\nwork()"
    ended = run(signal.SIGTERM, code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "whole\n", "")


def test_the_clean_up_after_a_signal_is_not_cut_short() -> None:
    code = "try:\n    ask()\n    work()\nfinally:\n    try:\n        time.sleep(0.5)\n        [].pop()\n"
    code += "    except IndexError:\n        time.sleep(0.5)\n    print('tidy', flush=True)\n"
    ended = run(signal.SIGINT, code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "tidy\n", "")


def test_a_second_signal_ends_it_at_once_and_the_first_decides_the_code() -> None:
    code = "import threading\nthreading.Timer(1, ask, [signal.SIGINT]).start()\n"
    code += "try:\n    ask()\n    work()\nfinally:\n    time.sleep(20)\n    print('late')\n"
    began = time.monotonic()
    ended = run(signal.SIGTERM, code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "")
    assert time.monotonic() - began < 15


def test_what_came_twice_within_a_moment_is_one() -> None:
    code = "try:\n    ask()\n    work()\nfinally:\n    ask()\n    print('tidy', flush=True)\n"
    assert run(signal.SIGINT, code).stdout == "tidy\n"


def test_a_sigint_that_the_parent_ignores_stays_ignored() -> None:
    code = "assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN\n"
    head = "import signal, subprocess, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    script = HEAD.replace("{name}", "SIGINT") + code
    head += f"sys.exit(subprocess.run([sys.executable, '-c', {script!r}]).returncode)"
    assert subprocess.run([sys.executable, "-c", head], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(("number", "code"), BOTH)
def test_work_that_is_ended_by_a_signal_ends_well_and_what_comes_after_it_can_be_interrupted(
    number: signal.Signals, code: int
) -> None:
    gentle = "import threading\nstop = threading.Event()\nwith signals.gently(stop.set, grace=20):\n"
    gentle += "    with stop._cond:\n        ask()\n    stop.wait(20)\n"  # the lock that `set` needs is ours just now
    ended = run(number, gentle + "print('ended well')")
    assert (ended.returncode, ended.stdout) == (0, "ended well\n")
    assert run(number, f"{gentle}time.sleep(0.6)\nask()\nwork()").returncode == code


def test_work_that_does_not_end_when_asked_is_interrupted() -> None:
    code = "with signals.gently(lambda: None, grace=0.5):\n    ask()\n    work()"
    ended = run(signal.SIGTERM, code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "")


@pytest.mark.parametrize(("number", "codes"), [(signal.SIGINT, {-2, 130}), (signal.SIGTERM, {-15, 143})])
def test_from_the_first_line_of_main_on_there_is_no_traceback(number: signal.Signals, codes: set[int]) -> None:
    # The signal comes with the first import of `main`; a trace function sees that line run.
    script = "import os, sys\nsys.argv = ['factcheck', '--version']\nfrom factcheck.cli import main\nseen = []\n"
    script += "def trace(frame, event, _):\n    if frame.f_code.co_filename.endswith('/signals.py') and not seen:\n"
    script += f"        seen.append(1)\n        sys.settrace(None)\n        os.kill(os.getpid(), {int(number)})\n"
    script += "sys.settrace(trace)\nmain()"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode in codes
    assert "Traceback" not in ended.stderr
