"""
How fast is it, where does the time go, and how much memory does it take?

`python -m benchmarks.pipeline` measures everything in one run, beside what the same
machine can do at best with the same messages; `python -m benchmarks.report` writes the
page about it. Nothing here is installed with the product.
"""
