"""Messages that have to leave: written with what they tell of, delivered once, in order."""
