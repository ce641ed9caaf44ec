"""The benchmarks themselves: what they add up, load and write. No figure is judged here."""
