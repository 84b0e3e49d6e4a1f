"""add model metrics

Revision ID: 1e6ab0d8c572
Revises: 5b7e1f93ac48
Create Date: 2025-03-24 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '1e6ab0d8c572'
down_revision: Union[str, Sequence[str], None] = '5b7e1f93ac48'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column('models', sa.Column('accuracy', sa.Numeric(5, 4)))
    op.execute("COMMENT ON COLUMN models.accuracy IS 'Share of predictions that came true'")


def downgrade() -> None:
    op.drop_column('models', 'accuracy')
