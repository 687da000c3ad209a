"""What buttons and menus on our messages do."""
