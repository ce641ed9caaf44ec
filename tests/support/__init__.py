"""What tests start and share: a broker, a database server."""
