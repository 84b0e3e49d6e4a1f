revision = "e\x31"
down_revision = 'd1', 'c1'
depends_on = ()

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
