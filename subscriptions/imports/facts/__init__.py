"""Facts of customers from files: what billing and identity say, each fact with its source and date."""
