"""The words that leave the desk: statements of reasons, mails, and who gets them."""
