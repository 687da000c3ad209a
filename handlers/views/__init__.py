"""Forms: how they are drawn, and what is done when they are sent."""
