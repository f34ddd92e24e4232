"""What a checker sees: the labeling config, the words in the desk's language, and the rows of a task."""
