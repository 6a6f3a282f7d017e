"""What a history says of the inputs of a scenario."""
