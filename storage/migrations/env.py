"""What Alembic runs: our tables on the connection that `storage.schema` hands it."""

from alembic import context
from sqlmodel import SQLModel

from storage import models

target_metadata = SQLModel.metadata
_ = models

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=target_metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
