"""The most memory that this process has held."""

import sys


def peak_mib():
    if sys.platform != "linux":
        return None
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None
