"""legacy: the name is the id"""
down_revision = None

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
