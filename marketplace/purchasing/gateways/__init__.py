"""What arrangements are turned into for others: papers, and files that other programs read."""
