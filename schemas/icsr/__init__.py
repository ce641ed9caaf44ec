"""
ICH E2B(R3): from the XML of an individual case safety report to the message contract.

`read` is the entrance. `document` parses the bytes safely, `node` is the tree that
remembers what was read, `values` reads one typed value, one module a section maps
C to H, `checks` compares fields with each other, `vocabulary` and `elements` hold the
identifiers and rules of the standard, `findings` the faults that may be reported.
"""
