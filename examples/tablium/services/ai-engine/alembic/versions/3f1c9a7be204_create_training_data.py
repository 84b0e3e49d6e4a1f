"""create training data

Revision ID: 3f1c9a7be204
Revises: None
Create Date: 2025-03-03 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '3f1c9a7be204'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        'datasets',
        sa.Column('id', sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column('name', sa.String(120), nullable=False, unique=True),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        'training_data',
        sa.Column('id', sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column('dataset_id', sa.Integer, sa.ForeignKey('datasets.id', ondelete='CASCADE'), nullable=False),
        sa.Column('features', sa.JSON, nullable=False),
        sa.Column('label', sa.Text),
    )


def downgrade() -> None:
    op.drop_table('training_data')
    op.drop_table('datasets')
