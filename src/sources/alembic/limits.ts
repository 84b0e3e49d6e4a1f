/** The width of `version_num` in Alembic's table, in characters (1.16.5 ddl/impl.py, version_table_impl). */
export const longest = 32
