"""Block Kit's limits as tables: texts, counts, required fields, and which block works where."""

MESSAGE_BLOCKS = 50

_EVERYWHERE = frozenset({"message", "modal", "home"})
_MESSAGE = frozenset({"message"})
_MESSAGE_HOME = frozenset({"message", "home"})

SURFACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "section",
            "divider",
            "header",
            "context",
            "image",
            "actions",
            "input",
            "rich_text",
            "video",
            "card",
        ),
        _EVERYWHERE,
    ),
    **dict.fromkeys(("markdown", "file", "context_actions", "task_card", "plan"), _MESSAGE),
    **dict.fromkeys(
        ("table", "data_table", "data_visualization", "carousel", "container"), _MESSAGE_HOME
    ),
    "alert": frozenset({"modal"}),
}

SELECTS = frozenset(
    {
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
    }
)
INPUTS = frozenset(
    {
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
        "file_input",
    }
)
ELEMENTS = (
    SELECTS
    | INPUTS
    | {
        "button",
        "overflow",
        "datepicker",
        "timepicker",
        "datetimepicker",
        "checkboxes",
        "radio_buttons",
        "workflow_button",
        "feedback_buttons",
        "icon_button",
    }
)

TEXTS: dict[str, dict[str, int]] = {
    "section": {"text": 3000, "block_id": 255},
    "header": {"text": 150, "block_id": 255},
    "divider": {"block_id": 255},
    "context": {"block_id": 255},
    "actions": {"block_id": 255},
    "input": {"label": 2000, "hint": 2000, "block_id": 255},
    "image": {"image_url": 3000, "alt_text": 2000, "title": 2000, "block_id": 255},
    "markdown": {"text": 12_000},
    "alert": {"text": 200},
    "video": {"title": 199, "description": 199, "author_name": 49, "alt_text": 2000},
    "card": {"title": 150, "subtitle": 150, "body": 200, "subtext": 200},
    "container": {"title": 150},
    "button": {"text": 75, "value": 2000, "url": 3000, "action_id": 255},
    "overflow": {"action_id": 255},
    "plain_text_input": {"placeholder": 150, "action_id": 255, "initial_value": 3000},
    "option": {"text": 75, "value": 150, "description": 75},
    "option_group": {"label": 75},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "field": {"text": 2000},
    **{select: {"placeholder": 150, "action_id": 255} for select in SELECTS},
    "modal": {
        "title": 24,
        "submit": 24,
        "close": 24,
        "callback_id": 255,
        "private_metadata": 3000,
        "external_id": 255,
    },
    "home": {"callback_id": 255, "private_metadata": 3000, "external_id": 255},
}

COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    "section": {"fields": (1, 10)},
    "context": {"elements": (1, 10)},
    "actions": {"elements": (1, 25)},
    "context_actions": {"elements": (1, 5)},
    "static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "multi_static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "option_group": {"options": (1, 100)},
    "overflow": {"options": (2, 5)},
    "checkboxes": {"options": (1, 10)},
    "radio_buttons": {"options": (1, 10)},
    "card": {"actions": (0, 3)},
    "carousel": {"elements": (1, 10)},
    "container": {"child_blocks": (1, 10)},
    "table": {"rows": (1, 100)},
    "data_table": {"rows": (2, 201)},
}

REQUIRED: dict[str, tuple[str, ...]] = {
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "input": ("label", "element"),
    "image": ("alt_text",),
    "markdown": ("text",),
    "button": ("text",),
    "overflow": ("options",),
    "option": ("text", "value"),
    "option_group": ("label", "options"),
    "confirm": ("title", "text", "confirm", "deny"),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "data_table": ("caption", "rows"),
    "table": ("rows",),
}

EITHER: dict[str, tuple[str, ...]] = {
    "section": ("text", "fields"),
    "image": ("image_url", "slack_file"),
    "static_select": ("options", "option_groups"),
    "multi_static_select": ("options", "option_groups"),
}

ONE_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "button": {"style": ("primary", "danger")},
    "confirm": {"style": ("primary", "danger")},
}

# What these may contain is wholly in the tables above.
PLAIN = frozenset(
    {
        "section",
        "divider",
        "header",
        "context",
        "image",
        "actions",
        "input",
        "markdown",
        "rich_text",
    }
)

FEATURES = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "confirm": "confirm",
}
