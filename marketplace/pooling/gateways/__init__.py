"""What pools take from outside, and what they make for it."""
