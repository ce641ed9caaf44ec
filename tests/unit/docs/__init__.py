"""The manual says all there is, and nothing that is not."""
