"""Run by alembic with the connection that ``schema.upgrade`` hands over, inside its transaction."""

from alembic import context

from monitor.edges.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's too, since we begin its transactions ourselves
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
