'''single
quotes'''
revision = r'b1'
down_revision = ('a' '0')

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
