"""How long did a part of this process take: wall time, CPU time, peak memory?"""

import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

STATUS = Path("/proc/self/status")


class Meter:
    """
    Wall and CPU time from `start()` to the last `lap()`, of all threads of this process.

    Attributes:
        seconds: Wall time.
        cpu_seconds: User and system time.
    """

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.process_time()
        self.seconds = 0.0
        self.cpu_seconds = 0.0

    def start(self) -> None:
        """Begin, or begin again."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self) -> None:
        """Note how long it took so far."""
        self.seconds = time.perf_counter() - self._wall
        self.cpu_seconds = time.process_time() - self._cpu


def peak_mib() -> float:
    """
    Give the most memory that was resident in this process, in MiB.

    Linux lets a program inherit `ru_maxrss` from the one that started it; the kernel's
    own high-water mark begins anew with each program, so it is asked first.
    """
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
