"""The policy: versioned data, and one pure function that judges by it."""
