import { isSecretName } from '../source/secret-name.ts'
import { fromBase64 } from './base64.ts'
import type { Take } from './hidden-values.ts'

/** The value of a header with a variable in the place of its credential; may add a variable that joins two. */
export function hiddenHeader(
  name: string,
  value: string,
  take: Take,
  variables: Record<string, unknown>,
): string {
  const lower = name.toLowerCase()
  if (lower === 'cookie') return take('the header cookie', 'cookie', value)
  if (lower !== 'authorization' && lower !== 'proxy-authorization')
    return isSecretName(lower) || /^x-.*(?:auth|api)/.test(lower)
      ? take(`the header ${name}`, lower, value)
      : value
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(value) ?? []
  if (rest === '') return take(`the header ${name}`, lower, value)
  const pair = /^basic$/i.test(scheme) ? fromBase64(rest) : undefined
  const colon = pair?.indexOf(':') ?? -1
  if (pair === undefined || colon < 0)
    return `${scheme} ${take(`the header ${name}`, /^bearer$/i.test(scheme) ? 'token' : lower, rest)}`
  const password = pair.slice(colon + 1)
  const shown = password === '' ? '' : take(`the header ${name}`, 'password', password)
  // Some services take a key in the place of the user name.
  const user =
    password === '' && colon > 0
      ? take(`the header ${name}`, 'api_key', pair.slice(0, colon))
      : pair.slice(0, colon)
  const joined = joinedName(variables, `${user}:${shown}`)
  variables[joined] = `${user}:${shown}`
  return `${scheme} {{${joined} | base64}}`
}

function joinedName(variables: Readonly<Record<string, unknown>>, text: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'basic_credentials' : `basic_credentials_${number}`
    if (variables[name] === undefined || variables[name] === text) return name
  }
}
