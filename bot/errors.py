"""What the office may refuse, named by who must act next; every text is read by a person.

OfficeError
├── NotNow       whoever asked: look again, something has changed or is missing
├── NotAllowed   whoever may: the asker's role does not reach
└── BadForm      whoever filled in the form: each field with its own sentence
"""


class OfficeError(Exception):
    """The office refuses; `str(error)` is one sentence for the person who asked."""


class NotNow(OfficeError):  # noqa: N818 - an error is named by who must act next
    """It cannot be done as things stand."""


class NotAllowed(OfficeError):  # noqa: N818 - an error is named by who must act next
    """This person may not do this here."""


class BadForm(OfficeError):  # noqa: N818 - an error is named by who must act next
    """A form cannot be accepted; `fields` says for each field why."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
