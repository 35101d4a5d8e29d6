"""What a handler raises when another try would end alike."""


class Refused(Exception):
    """The receiver refused for good; the message is parked at once, with these words as its reason."""
