"""The HTTP interface of a server: `client` is the only module that knows the SDK, `responses` reads strictly."""
