"""The project's wiring: settings, addresses, background work, health."""
