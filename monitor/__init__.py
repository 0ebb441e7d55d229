"""Watch news on the Taiwan Strait: poll feeds, tag items by theme, alert once and write a daily digest."""
