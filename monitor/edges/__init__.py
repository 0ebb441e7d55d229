"""The doors to the world: one library, one module; foreign errors become ours here."""
