"""
ICH E2B(R2), `ichicsr`: from a safety report in the older standard to the same message contract.

`read` is the entrance. `values` reads texts, dates with their format codes, numbers with their
unit codes; `report`, `patient` and `drugs` map sections A and B; `vocabulary` holds the code lists.
What has no field, or is not a usable value, is kept word for word, as for R3. Findings name the
elements by their R3 numbers, so that both standards are judged in one language.
"""
