"""How Slack's text, rich text, Markdown and charts look as HTML: pure functions, no state."""
