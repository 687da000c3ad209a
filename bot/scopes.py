"""The scopes that the product needs; a test compares them with `manifest.yml`."""

BOT_SCOPES = (
    "app_mentions:read",
    "canvases:read",
    "canvases:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "users:read",
)
