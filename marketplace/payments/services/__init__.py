"""What can happen to payments. One public function per thing a person can do."""
