# -*- coding: utf-8 -*-
"""zweite Straße

more
"""
revision = 'f1'
revision = 'f2'
down_revision = None
depends_on = ('e1',)

def upgrade():
    pass


def downgrade():
    raise NotImplementedError
