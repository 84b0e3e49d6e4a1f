"""index predictions by game

Revision ID: c9d4e2a17f60
Revises: 5b7e1f93ac48
Create Date: 2025-03-25 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = 'c9d4e2a17f60'
down_revision: Union[str, Sequence[str], None] = '5b7e1f93ac48'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index('idx_predictions_game_id', 'predictions', ['game_id'], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index('idx_predictions_game_id', 'predictions', postgresql_concurrently=True)
