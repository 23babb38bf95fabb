"""What is true of brokerage. Pure: no database, no web, no clock."""
