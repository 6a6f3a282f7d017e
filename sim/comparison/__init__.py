"""Two results side by side: which inputs differ, and which outputs differ by more than chance."""
