"""How the store behaves on each database that it runs on."""
