"""The commands as a user types them: what they print, write and return."""
