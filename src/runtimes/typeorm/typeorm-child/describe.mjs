// An error as data: what is known of it, nothing judged. The parent makes places and hints of it.
import { inspect } from 'node:util'
import { failedFile } from './files.mjs'
import { callOf } from './watch.mjs'

/** { stage, name, message, code, sqlstate, detail, hint, statement, stack, call, file }; what is unknown is left out. */
export function describe(stage, error) {
  const known = typeof error === 'object' && error !== null ? error : { message: inspect(error) }
  const driver = known.driverError ?? known
  return {
    stage: known.stage ?? stage,
    name: nameOf(known),
    message: messageOf(known),
    code: text(known.code),
    sqlstate: /^[0-9A-Z]{5}$/.test(driver.code) && driver.severity !== undefined ? driver.code : undefined,
    detail: text(driver.detail),
    hint: text(driver.hint),
    statement: text(known.query),
    stack: text(known.stack),
    call: callOf(error),
    file: failedFile(error),
  }
}

function nameOf(error) {
  const name = text(error.name)
  if (name !== undefined && name !== 'Error') return name
  return text(error.constructor?.name) ?? 'Error'
}

/** Errors of several addresses have no message of their own; those of a loader's own thread have lost it. */
function messageOf(error) {
  const several = Array.isArray(error.errors) ? error.errors.map((each) => each?.message).filter(Boolean) : []
  return text(error.message) || several.join('; ') || text(error.diagnosticText) || inspect(error)
}

function text(value) {
  return typeof value === 'string' ? value : undefined
}
