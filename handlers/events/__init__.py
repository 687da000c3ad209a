"""What happens in Slack that we want to know of."""
