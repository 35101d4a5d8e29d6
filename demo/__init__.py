"""The demo's people, subscriptions and stories, made by the real actions."""
