"""What is said: message contracts, vocabularies, topics, examples."""
