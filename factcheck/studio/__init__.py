"""Label Studio: the labeling config, tasks, push and pull, and the local server."""
