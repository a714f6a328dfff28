"""Runs a command and writes the largest resident memory of it and its children, in MiB, to a file.

    python3 peak_memory.py FILE COMMAND [ARGUMENT…]
"""

import pathlib
import resource
import subprocess
import sys

code = subprocess.run(sys.argv[2:], check=False).returncode
kibibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path(sys.argv[1]).write_text(f"{kibibytes // 1024}\n")
sys.exit(code)
