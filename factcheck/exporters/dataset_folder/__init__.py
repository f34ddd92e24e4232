"""The dataset as a folder that others load: tables in Parquet, and what describes them to people and programs."""
