"""What is known of written English that both annotators and checks need: numbers, units, quotation marks."""
