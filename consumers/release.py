"""Which version of the software is this?"""

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "sorafenib-safety"


def installed_version() -> str:
    """Give the number of the installed version, or say that there is none."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed: running from its source"
