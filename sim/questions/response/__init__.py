"""Response: the efforts that each plan calls for, what the company gets at them, and what that rests on."""
