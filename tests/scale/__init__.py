"""Several processes and nodes on one database."""
