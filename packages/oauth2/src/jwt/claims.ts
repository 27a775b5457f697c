/** What a claim of a JWT may name of the request that it is for. */
export interface ClaimValues {
  readonly method: string
  /** With its port, if any. */
  readonly host: string
  readonly path: string
  readonly nonce: string
  /** SHA-256 of the public key (SPKI), in base64. */
  readonly fingerprint: string
}

const placeholder = /\{(method|host|path|nonce|fingerprint)\}/g

/** Whether a template of claims names a value. */
export function names(template: unknown, name: keyof ClaimValues): boolean {
  return JSON.stringify(template ?? null).includes(`{${name}}`)
}

/** Fills `{method}`, `{host}`, `{path}`, `{nonce}` and `{fingerprint}` in every text of a template. */
export function fillClaims<Template>(template: Template, values: ClaimValues): Template {
  if (typeof template === 'string')
    return template.replace(placeholder, (_, name: keyof ClaimValues) => values[name]) as Template
  if (Array.isArray(template)) return template.map((item) => fillClaims(item, values)) as Template
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [name, fillClaims(value as unknown, values)]),
  ) as Template
}
