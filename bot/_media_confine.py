"""The child's side: what it may use, whom it dies with, and how it answers."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

GIB = 1 << 30
PR_SET_PDEATHSIG = 1


def serve(
    work: Callable[[dict[str, Any]], dict[str, Any]],
    problem: type[Exception],
    *,
    memory_bytes: int,
) -> None:
    """Read one job from standard input, work on it within limits, answer on standard output."""
    job = json.load(sys.stdin)
    confine(job["parent"], memory_bytes=memory_bytes, cpu_seconds=2 * job["limit_seconds"])
    json.dump(_answer(work, job, problem), sys.stdout)


def _answer(
    work: Callable[[dict[str, Any]], dict[str, Any]], job: dict[str, Any], problem: type[Exception]
) -> dict[str, Any]:
    try:
        return {"done": work(job)}
    except problem as told:
        return {"problem": str(told)}
    except MemoryError:
        return {"problem": "The file needs more memory than one file may have."}
    except OSError as trouble:
        if trouble.errno is None:
            raise
        return {"errno": trouble.errno, "text": os.strerror(trouble.errno)}


def confine(parent: int, *, memory_bytes: int, cpu_seconds: float) -> None:
    """Limit this process and all it starts, and tie its life to its parent's."""
    die_with_parent()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    for kind, most in {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: int(cpu_seconds) + 10,
        resource.RLIMIT_FSIZE: 4 * GIB,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }.items():
        _limit(kind, most)


def _limit(kind: int, most: int) -> None:
    _, ceiling = resource.getrlimit(kind)
    least = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    with contextlib.suppress(ValueError):  # macOS refuses some limits on address space
        resource.setrlimit(kind, (least, least))


def die_with_parent() -> None:
    """Ask Linux to kill this process when the one that started it ends, even by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
