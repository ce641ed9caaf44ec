"""
CDISC datasets, SDTM or ADaM, as messages of our own topics.

`datasets` reads the files, `values` and `words` read cells, `subjects`, `events` and `records` tell
what rows say, `identity` gives each a message that is the same every time, and `importing` runs it
all through the ordinary pipeline.
"""

from consumers.cdisc.identity import Receipt
from consumers.cdisc.importing import ImportSummary, import_folder
from consumers.cdisc.sources import Standard

__all__ = ["ImportSummary", "Receipt", "Standard", "import_folder"]
