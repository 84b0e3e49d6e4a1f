"""merge metrics and index

Revision ID: f04b38a6e91d
Revises: 1e6ab0d8c572, c9d4e2a17f60
Create Date: 2025-03-26 09:00:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = 'f04b38a6e91d'
down_revision: Union[str, Sequence[str], None] = ('1e6ab0d8c572', 'c9d4e2a17f60')
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
