import { fileStem } from '../imported/imported-request.ts'

/** Postman's `event`: a script before the request or after it. */
export interface PostmanEvent {
  readonly listen?: string
  readonly script?: { readonly exec?: string | readonly string[] }
}

/** A pre-request script that was kept. */
export interface KeptScript {
  readonly file: string
  readonly text: string
  readonly notes: readonly string[]
  /** Why it cannot run as it is. */
  readonly blocked?: string
}

const scope = String.raw`pm\.(?:environment|variables|globals|collectionVariables)`
const setCall = new RegExp(String.raw`${scope}\.set\(\s*(["'])([^"']+)\1\s*,`, 'g')
const getCall = new RegExp(String.raw`${scope}\.get\(\s*(["'])([^"']+)\1\s*\)`, 'g')

/** What has to be done by hand, by what shows it. */
const byHand: readonly (readonly [RegExp, string])[] = [
  [/\bCryptoJS\b/, 'CryptoJS is not there: use crypto.hash and crypto.hmac.'],
  [/\brequire\(/, 'require is not there: what the script needs must stand in it.'],
  [/pm\.sendRequest/, 'pm.sendRequest becomes fetch, and needs allow: { hosts: [...] } on the step.'],
  [/pm\.request\b/, 'pm.request becomes request: request.headers.set(name, value), request.query.get(name).'],
  [
    /\bpm\.(?!request|sendRequest|environment|variables|globals|collectionVariables)/,
    'Other parts of pm have no counterpart.',
  ],
  [
    /\bpm\.(?:environment|variables|globals|collectionVariables)\b/,
    'A variable is read by a name that is computed, or in another way than get and set: write variables.name.',
  ],
  [/\bpostman\.|\bsetTimeout\b/, 'postman.* and timers are not there.'],
  [
    /(?<![.\w$])request\.(?:url|data|headers|name|id)\b|(?<![.\w$])(?:environment|globals)\s*[.[]/,
    'The old names request.url, request.data, environment and globals mean another thing here, or nothing.',
  ],
  [
    /(?<![.\w$])(?:_\.|moment\b|Buffer\b|window\b|eval\()/,
    'Libraries, Buffer, window and eval are not there.',
  ],
  [/^return\b/m, 'return stands outside of a function.'],
]

const preRequest = (events: readonly PostmanEvent[]): string[] =>
  events
    .filter(({ listen }) => listen === 'prerequest')
    .map(({ script }) => [script?.exec ?? []].flat().join('\n'))
    .filter((text) => text.trim() !== '')

/** The names that scripts set: they become outputs. */
export function publishedNames(events: readonly PostmanEvent[]): string[] {
  return preRequest(events).flatMap((text) => [...text.matchAll(setCall)].map((match) => match[2] as string))
}

/** Whether there is a script that runs before the request. */
export const hasPreRequest = (events: readonly PostmanEvent[]): boolean => preRequest(events).length > 0

/** Whether there is a script that runs after the answer. */
export const hasTests = (events: readonly PostmanEvent[]): boolean =>
  events.some(({ listen, script }) => listen === 'test' && [script?.exec ?? []].flat().join('').trim() !== '')

/**
 * The pre-request scripts of a request as one JavaScript file, with notes on what needs work by hand. `owner` is the
 * collection, folder or request that has the last of them: all that share these scripts share the file.
 */
export function keptScript(
  owner: string,
  events: readonly PostmanEvent[],
  kept: Map<string, string>,
): KeptScript | undefined {
  const scripts = preRequest(events)
  if (scripts.length === 0) return undefined
  const text = scripts
    .join('\n\n')
    .replace(setCall, 'publish($1$2$1,')
    .replace(getCall, (_call, _quote, variable: string) =>
      /^[A-Za-z_]\w*$/.test(variable) ? `variables.${variable}` : `variables[${JSON.stringify(variable)}]`,
    )
  const read = new Set([...scripts.join('\n').matchAll(getCall)].map((match) => match[2]))
  const both = [...new Set(publishedNames(events))].filter((name) => read.has(name))
  const needs = [
    ...byHand.filter(([pattern]) => pattern.test(text)).map(([, advice]) => advice),
    ...(both.length > 0
      ? [`What is published is not read back: keep the value of ${both.join(', ')} in a constant too.`]
      : []),
  ]
  const head = [
    '// From a Postman pre-request script. Reading and setting variables was translated.',
    ...needs.map((advice) => `// By hand: ${advice}`),
  ]
  const whole = `${head.join('\n')}\n${text}\n`
  const file = fileName(owner, whole, kept)
  kept.set(file, whole)
  return {
    file,
    text: whole,
    ...(needs.length > 0 && {
      blocked: `The script ${file} needs work by hand, as its head says: then write { script: ./${file} } here.`,
    }),
    notes:
      needs.length > 0
        ? [`${file} needs work by hand: its head says what.`]
        : [`${file} was translated from a Postman script: look it through.`],
  }
}

// Two requests of one name may have different scripts.
function fileName(owner: string, text: string, kept: ReadonlyMap<string, string>): string {
  const stem = fileStem(owner)
  for (let number = 1; ; number += 1) {
    const file = `${stem}${number === 1 ? '' : `-${number}`}.pre-request.js`
    if ((kept.get(file) ?? text) === text) return file
  }
}
