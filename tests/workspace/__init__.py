"""A small Slack for tests and the demo, which the unmodified slack_sdk and Bolt talk to."""
