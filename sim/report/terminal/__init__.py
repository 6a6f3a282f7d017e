"""Results as text: what a terminal shows, column by column."""
