"""Label Studio: five buildings, each with a front door of its own.

`api` talks to a server, `page` is what a checker sees, `sync` brings claims there and answers back, `webhook` hears
that something happened, and `local` runs a server on this machine. `sync` uses `api` and `page`, `webhook` uses `api`;
nothing else uses another.
"""
