"""One module per verb, by the verb's name: load, call a stage, save, return a report.

Here the rooms are joined, which do not know each other. `factcheck.cli` has a module of the same name for each.
"""
