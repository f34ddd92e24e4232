"""The same claim wherever it appears: copies of articles, earlier verdicts, other languages."""
