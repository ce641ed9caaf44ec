"""One module under test at a time, no broker or database server unless it is what is tested."""
