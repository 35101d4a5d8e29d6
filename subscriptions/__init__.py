"""Who has which subscription, what is known of them, and the policy that judges it. Knows no case."""
