"""What another dollar pays, and the switches between plans."""
