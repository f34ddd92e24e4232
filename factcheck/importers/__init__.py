"""Decisions made elsewhere: tables, ClaimReview and JSON documents, read into claims and verdicts of a desk."""
