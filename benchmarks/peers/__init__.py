"""Other stream processors beside this one: they parse and insert the same messages, no more."""
