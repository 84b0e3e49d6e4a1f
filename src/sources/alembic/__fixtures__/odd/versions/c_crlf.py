"""crlf"""
revision: str = "c1"
down_revision: "str | None" = "a0"
branch_labels = ("left", "west")

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
