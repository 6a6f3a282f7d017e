"""What a plan costs the company and pays its people."""
