"""`push` brings claims to a project, `pull` brings answers back; the other modules say what stands there."""
