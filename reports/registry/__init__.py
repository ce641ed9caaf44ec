"""Results for registries: the adverse events of a study for ClinicalTrials.gov and EudraCT."""

from reports.registry.build import build_results
from reports.registry.model import RegistryResults
from reports.registry.render import render_clinicaltrials_gov, render_eudract
from reports.registry.upload import render_upload
from reports.registry.validate import HIGHEST_THRESHOLD, validate_results

__all__ = [
    "HIGHEST_THRESHOLD",
    "RegistryResults",
    "build_results",
    "render_clinicaltrials_gov",
    "render_eudract",
    "render_upload",
    "validate_results",
]
