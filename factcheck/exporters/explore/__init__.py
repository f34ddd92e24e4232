"""The dataset as one SQLite file with full-text search, to be asked in SQL and looked at with datasette."""
