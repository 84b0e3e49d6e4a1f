export type ToolName = 'typeorm-0.3' | 'typeorm-1' | 'alembic' | 'goose' | 'dbmate';
/** Absolute folder of a tool. Throws when it is not installed, with the command that installs it. */
export declare function tool(name: ToolName): string;
/** The Python of the environment that has Alembic. */
export declare function alembicPython(): string;
