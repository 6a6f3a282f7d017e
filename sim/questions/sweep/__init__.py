"""What a clause does as it is varied, and the value of it that fits."""
