"""Runway as a house: its settings, its terms and where a person sees what was ordered."""

from ._facts import Facts, Statement, Variable

FACTS = Facts(
    maker="Runway",
    prefix="RUNWAY",
    variables=(
        Variable(
            name="RUNWAY_API_KEY",
            about="The key of a project at dev.runwayml.com; it begins with key_.",
            secret=True,
            needed=True,
        ),
        Variable(
            name="RUNWAY_ROUTER_CONFIGS",
            about="The slugs of Model Router configurations to offer, with commas between.",
        ),
        Variable(name="RUNWAY_BASE_URL", about="Another address for the API, for tests."),
        Variable(
            name="RUNWAY_CONCURRENCY",
            about="How many tasks are open at once; Runway lets more than its tier's number wait.",
        ),
        Variable(name="RUNWAY_PER_DAY", about="How many tasks may be ordered a day."),
    ),
    rights=(
        Statement("Runway claims no ownership of what is made and allows commercial use.",
                  "secondary"),
        Statement("Runway says that what it makes carries C2PA credentials.", "secondary"),
        Statement("Runway's public terms and its promise not to train contradict each other for"
                  " self-serve accounts; ask Runway before confidential work.", "secondary"),
        Statement("Tasks that moderation stops are billed.", "secondary"),
        Statement("No indemnity was found.", "secondary"),
    ),
    console="https://dev.runwayml.com",
    credit="Powered by Runway",
    credit_url="https://runwayml.com",
)  # fmt: skip
PARTNERS_TERMS = (
    Statement("A model of another maker works under that maker's terms as well.", "unverified"),
)
