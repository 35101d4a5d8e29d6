"""One module for each check. It defines ``CHECK``; what it needs of the world it asks for itself."""
