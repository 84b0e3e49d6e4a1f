import { SkeinError } from '../model/errors.ts'
import { loadWorkspace, type WorkspaceQuestion } from './workspace.ts'

/** For tests: the error that loading throws; fails when it throws none. */
export async function loadFailure(question: WorkspaceQuestion): Promise<SkeinError> {
  const error = await loadWorkspace(question).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SkeinError)) throw new Error(`expected a SkeinError, got ${String(error)}`)
  return error
}
