"""Who signs in, and what they are at the desk."""
