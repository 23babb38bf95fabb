"""What we ask commissioners and providers for. Shape only; rules live in rules."""
