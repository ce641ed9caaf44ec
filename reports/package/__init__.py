"""
What goes to one authority about one case version, as one file: documents and a manifest.

`model` is the package, `build` puts it together, `render` writes the zip, always the same bytes for
the same package, `validate` reads a zip back and compares it with its manifest.
"""

from reports.package.build import build_package
from reports.package.model import MANIFEST, Package, PackageFile
from reports.package.render import render_zip
from reports.package.validate import validate_zip

__all__ = [
    "MANIFEST",
    "Package",
    "PackageFile",
    "build_package",
    "render_zip",
    "validate_zip",
]
