"""Were reports sent on time, to whom, month by month, and how late were the others?"""

from reports.compliance.build import build_compliance
from reports.compliance.model import Compliance, MonthOfAuthority
from reports.compliance.render import render_csv, render_json, render_svg
from reports.compliance.validate import validate_compliance

__all__ = [
    "Compliance",
    "MonthOfAuthority",
    "build_compliance",
    "render_csv",
    "render_json",
    "render_svg",
    "validate_compliance",
]
