"""A Label Studio of our own on this machine: `install`, `server`, `backup`, `upgrade`, its people and its safety."""
