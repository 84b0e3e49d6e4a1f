/** The environment as it is given to us; never read from the process here. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A text with its variables filled in, or what stopped that. Never holds a value in an error. */
export type Interpolated =
  | { text: string; variables: string[] }
  | { problem: 'unset'; variable: string }
  | { problem: 'malformed'; message: string }

/**
 * Fills in `${NAME}` and `${NAME:-default}` (used when NAME is unset or empty; a default may hold variables of its own, which are looked at
 * only when it is used). `$${` is a literal `${`; a `$` before anything else is itself. Values are not looked into again.
 */
export function interpolate(text: string, env: Environment): Interpolated {
  let result = ''
  const variables: string[] = []
  let at = 0
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      result += '${'
      at += 3
      continue
    }
    if (!text.startsWith('${', at)) {
      result += text[at] ?? ''
      at++
      continue
    }
    const end = closing(text, at)
    if (end === undefined)
      return { problem: 'malformed', message: 'a "${" is not closed by "}"; write "$${" for the characters themselves' }
    const value = variable(text.slice(at + 2, end), env)
    if ('problem' in value) return value
    result += value.text
    variables.push(...value.variables)
    at = end + 1
  }
  return { text: result, variables }
}

/** True where `text` needs the environment to be understood. */
export function hasVariables(text: string): boolean {
  return /(?<!\$)\$\{/.test(text)
}

function variable(inner: string, env: Environment): Interpolated {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/.exec(inner)
  if (match === null)
    return { problem: 'malformed', message: 'a "${…}" must be ${NAME} or ${NAME:-default}; write "$${" for the characters themselves' }
  const [, name = '', fallback] = match
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (fallback !== undefined && (value === undefined || value === '')) {
    const inside = interpolate(fallback, env)
    return 'problem' in inside ? inside : { text: inside.text, variables: [name, ...inside.variables] }
  }
  return value === undefined ? { problem: 'unset', variable: name } : { text: value, variables: [name] }
}

/** Index of the `}` that closes the `${` at `start`, counting the ones inside a default. */
function closing(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('$${', at)) at += 2
    else if (text.startsWith('${', at)) {
      depth++
      at++
    } else if (text[at] === '}') {
      depth--
      if (depth === 0) return at
    }
  }
  return undefined
}
