"""The promises of delivery: nothing lost, nothing twice, whatever happens to the process."""
