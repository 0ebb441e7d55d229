"""Text to theme probabilities and reasons; usable alone."""
