"""The pages of the rooms: fetch, call one action, answer."""
