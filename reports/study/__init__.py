"""
The safety report of one study: T1 to T16, L1 to L5, plots, and the outcomes that it watches.

`read` makes the analysis data set of stored records, `build` the report of it, `drill` says who
is behind a number. What the words mean stands in `definitions` alone.
"""
