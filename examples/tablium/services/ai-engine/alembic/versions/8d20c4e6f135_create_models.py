"""create models

Revision ID: 8d20c4e6f135
Revises: 3f1c9a7be204
Create Date: 2025-03-10 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '8d20c4e6f135'
down_revision: Union[str, Sequence[str], None] = '3f1c9a7be204'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        'models',
        sa.Column('id', sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('version', sa.Integer, nullable=False),
        sa.Column('dataset_id', sa.Integer, sa.ForeignKey('datasets.id')),
        sa.Column('stage', sa.Enum('draft', 'live', 'retired', name='model_stage'), nullable=False),
        sa.UniqueConstraint('name', 'version'),
    )


def downgrade() -> None:
    op.drop_table('models')
    op.execute('DROP TYPE model_stage')
