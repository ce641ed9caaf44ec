"""The simulated study."""
