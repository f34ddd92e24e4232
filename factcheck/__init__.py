"""factcheck: from news articles to checked claims and verdict exports."""

__version__ = "0.1.0"
