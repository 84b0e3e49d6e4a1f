# a comment
"""bom"""
revision = down = 'd1'
down_revision = ['b1']
branch_labels = None
depends_on = 'left'

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
