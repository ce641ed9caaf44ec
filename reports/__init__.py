"""What is sent: the documents made from stored cases."""
