"""Word from Label Studio: `receiver` keeps it, `listener` serves, `registration` asks for it."""
