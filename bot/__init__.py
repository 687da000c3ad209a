"""The production office: what a scene, a take and a decision are, and what may happen to them."""
