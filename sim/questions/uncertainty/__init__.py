"""What of the spread of cost is not known of the inputs, and what is luck."""
