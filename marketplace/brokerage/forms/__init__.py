"""What we ask people for about plans, help, briefs and quotes. Shape only; rules live in rules/."""
