"""Checks that the README's first C++ is examples/readme.cc between its marks, which the tests compile and run.

    tests/house/readme.py [ROOT]
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
example = re.search(r"// \[readme\]\n(.*)// \[/readme\]\n", (root / "examples/readme.cc").read_text(), re.S).group(1)
shown = re.search(r"```cpp\n(.*?)```\n", (root / "README.md").read_text(), re.S).group(1)
if shown != example:
    sys.exit("README.md: its C++ is not that of examples/readme.cc; copy the lines between the marks")
lines = [line for line in shown.splitlines() if line.strip() not in ("", "}")]
if len(lines) > 8:
    sys.exit(f"README.md: its C++ has {len(lines)} lines; eight are promised")
