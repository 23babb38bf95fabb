"""What can happen to plans, help, briefs and quotes. One public function per thing a person can do."""
