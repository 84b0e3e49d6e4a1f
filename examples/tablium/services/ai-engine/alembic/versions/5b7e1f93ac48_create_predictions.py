"""create predictions

Revision ID: 5b7e1f93ac48
Revises: 8d20c4e6f135
Create Date: 2025-03-17 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '5b7e1f93ac48'
down_revision: Union[str, Sequence[str], None] = '8d20c4e6f135'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        'predictions',
        sa.Column('id', sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column('model_id', sa.Integer, sa.ForeignKey('models.id'), nullable=False),
        sa.Column('game_id', sa.Uuid, nullable=False),
        sa.Column('score', sa.Numeric(6, 5), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table('predictions')
