"""The words of each language, one template a part, and the pen they are written with."""
