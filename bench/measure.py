"""Runs a command and prints its wall time and the CPU time of its processes in seconds, and the memory of the largest of
them in MB, as JSON. What it printed goes to the file that is named first."""

import json
import resource
import subprocess
import sys
import time

with open(sys.argv[1], "wb") as log:
    started = time.monotonic()
    status = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT).returncode
    wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"status": status, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}))
