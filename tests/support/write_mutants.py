"""Write the code with every small change in it, into `mutants/`, for `tests.support.mutants`."""

import os
from pathlib import Path

from mutmut.__main__ import create_mutants, store_lines_covered_by_tests
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir


def main() -> None:
    """Copy code and tests, and change what `[tool.mutmut]` of pyproject.toml names."""
    os.environ["MUTANT_UNDER_TEST"] = "mutant_generation"
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    store_lines_covered_by_tests()
    create_mutants(1)


if __name__ == "__main__":
    main()
