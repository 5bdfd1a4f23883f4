"""`python -m tests.contract`: add the golden files of new schema versions, then say what does not agree."""

import sys

from tests.contract import golden


def main() -> int:
    """0 when everything agrees."""
    for line in golden.write():
        sys.stdout.write(f"{line}\n")
    known = golden.announced(golden.ANNOUNCED.read_text("utf-8"))
    faults = golden.faults(golden.released(), golden.current(), known)
    for line in faults:
        sys.stderr.write(f"{line}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
