/**
 * Skein as a library. {@link openWorkspace} has every verb of the command line as a method; {@link MigrationEngine} runs the migrations of one
 * service from its own program, without a workspace file. Both return data, print nothing and never end the process.
 */
export { openWorkspace } from './library/open-workspace.ts'
export type { Counted, OpenOptions, OpenWorkspace, RunChoices, Selection } from './library/open-workspace.ts'
export { MigrationEngine } from './library/migration-engine.ts'
export type { EngineConfig, EngineOptions, EngineStatus } from './library/migration-engine.ts'
export type { Outside } from './library/outside.ts'
export { succeeded } from './library/ran.ts'
export type { Ran } from './library/ran.ts'
export { errorCodes, SkeinError } from './model/errors.ts'
export type { ErrorCode, ErrorDetails, Place } from './model/errors.ts'
export type { Finding } from './model/finding.ts'
export type { Plan, Step } from './model/plan.ts'
export type { Failure, RunEvent, RunResult, StepResult } from './model/run.ts'
export type { EditReport } from './app/edit-history.ts'
export type { PlanResult } from './app/plan.ts'
export type { StatusMigration, StatusResult, StatusService } from './app/status.ts'
export type { ValidateResult } from './app/validate.ts'
export type { VerifyResult } from './app/verify.ts'
export type { History } from './histories/history.ts'
export type { Source } from './sources/source.ts'
