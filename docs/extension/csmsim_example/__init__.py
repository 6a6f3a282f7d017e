"""What another package can add to csmsim: one file a kind."""
