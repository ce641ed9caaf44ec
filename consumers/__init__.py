"""How it runs: messages in and out of Kafka, and the loop between."""
