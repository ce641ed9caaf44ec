"""The steps that made the tables what they are; `safety.store.schema` runs them."""
