revision = 'g1'
down_revision = 'c1'  # a second head

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
