"""The desk's public site: plain files that link to each other, for any file server and for `file://`."""
