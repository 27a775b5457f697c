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
  [/\bpostman\.|\bsetTimeout\b/, 'postman.* and timers are not there.'],
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

/** The pre-request scripts of a request as one JavaScript file, with notes on what needs work by hand. */
export function keptScript(name: string, events: readonly PostmanEvent[]): KeptScript | undefined {
  const scripts = preRequest(events)
  if (scripts.length === 0) return undefined
  const file = `${
    name
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'request'
  }.pre-request.js`
  const text = scripts
    .join('\n\n')
    .replace(setCall, 'publish($1$2$1,')
    .replace(getCall, (_call, _quote, variable: string) =>
      /^[A-Za-z_]\w*$/.test(variable) ? `variables.${variable}` : `variables[${JSON.stringify(variable)}]`,
    )
  const needs = byHand.filter(([pattern]) => pattern.test(text)).map(([, advice]) => advice)
  const head = [
    '// From a Postman pre-request script. Reading and setting variables was translated.',
    ...needs.map((advice) => `// By hand: ${advice}`),
  ]
  return {
    file,
    text: `${head.join('\n')}\n${text}\n`,
    notes:
      needs.length > 0
        ? [`${file} needs work by hand: its head says what.`]
        : [`${file} was translated from a Postman script: look it through.`],
  }
}
