import { checkOptions, EzError, type Secret } from '@ez/core'
import { algorithms, type SignatureAlgorithm } from './algorithms.ts'
import { type Component, parseComponent } from './component.ts'
import type { DigestAlgorithm } from './content-digest.ts'
import type { FieldTypes } from './field-type.ts'

/** Options of {@link httpMessageSignatures}. */
export interface HttpMessageSignaturesOptions {
  /** Algorithm of the signature, by its name in the registry of RFC 9421. */
  readonly algorithm: SignatureAlgorithm
  /** PEM (PKCS #8, PKCS #1, SEC 1) or a JWK as JSON; for `hmac-sha256` base64. */
  readonly key: string | Secret
  /** Sent as `keyid`. */
  readonly keyId?: string
  /**
   * What is signed: `@method`, `@target-uri`, `content-type`, `"@query-param";name="id"`, … Default:
   * `@method`, `@target-uri` and, when there is a body, `content-digest`.
   */
  readonly components?: readonly string[]
  /** Name of the signature (default `sig1`). */
  readonly label?: string
  /** Whether the time of signing is sent (default `true`). */
  readonly created?: boolean
  /** Seconds that the signature holds; left out when not given. */
  readonly expiresIn?: number
  /** Whether a nonce is sent (default `false`). */
  readonly nonce?: boolean
  /** Whether the algorithm is named (default `false`). */
  readonly alg?: boolean
  /** Names the application, such as `web-bot-auth`. */
  readonly tag?: string
  /** Whether a header is an item, a list or a dictionary, for `sf` of headers that are not known here. */
  readonly fieldTypes?: FieldTypes
  /** The hash of `content-digest`, where it is signed (default `sha-256`). */
  readonly contentDigest?: DigestAlgorithm
}

/** Options with every default filled in. */
export interface Settings {
  /** `undefined`: the default, which depends on whether there is a body. */
  readonly components: readonly Component[] | undefined
  readonly label: string
}

const rules = {
  algorithm: Object.keys(algorithms)
    .map((name) => `'${name}'`)
    .join('|'),
  key: 'secret',
  keyId: 'string?',
  components: 'array?',
  label: 'string?',
  created: 'boolean?',
  expiresIn: 'number?',
  nonce: 'boolean?',
  alg: 'boolean?',
  tag: 'string?',
  fieldTypes: 'object?',
  contentDigest: "'sha-256'|'sha-512'?",
}

// A key of a dictionary (RFC 8941 section 3.2).
const labelPattern = /^[a-z*][a-z0-9_.*-]*$/
const printable = /^[\x20-\x7e]*$/

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function resolveOptions(
  id: string,
  options: HttpMessageSignaturesOptions,
  parse: (text: string) => Component = parseComponent,
): Settings {
  checkOptions(id, options, rules)
  const { label = 'sig1', expiresIn, keyId = '', tag = '' } = options
  const invalid = (message: string): EzError => new EzError('EZ_OPTION_INVALID', `${id}: option ${message}.`)
  if (!labelPattern.test(label))
    throw invalid('label must be letters, digits, "_", "-", "." and "*" in lower case')
  if (!printable.test(keyId + tag)) throw invalid('keyId and tag must be printable ASCII')
  if (expiresIn !== undefined && (!Number.isInteger(expiresIn) || expiresIn < 1))
    throw invalid('expiresIn must be a whole number of seconds above 0')
  const components = options.components?.map((text) => parse(text))
  const identifiers = components?.map(({ identifier }) => identifier) ?? []
  // RFC 9421 section 2.5: each component once.
  if (new Set(identifiers).size !== identifiers.length) throw invalid('components names one twice')
  for (const name of ['signature', 'signature-input'])
    if (components?.some((component) => component.name === name && component.key === undefined))
      throw invalid(`components: ${name} is written by the signer`)
  return { components, label }
}

const text = { type: 'string', minLength: 1 }

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['algorithm', 'key'],
  additionalProperties: false,
  properties: {
    algorithm: { enum: Object.keys(algorithms) },
    key: { ...text, description: 'PEM or a JWK as JSON; for hmac-sha256 base64' },
    keyId: text,
    components: { type: 'array', items: text },
    label: { ...text, default: 'sig1' },
    created: { type: 'boolean', default: true },
    expiresIn: { type: 'integer', minimum: 1, description: 'Seconds' },
    nonce: { type: 'boolean', default: false },
    alg: { type: 'boolean', default: false },
    tag: text,
    fieldTypes: { type: 'object', additionalProperties: { enum: ['item', 'list', 'dictionary'] } },
    contentDigest: { enum: ['sha-256', 'sha-512'], default: 'sha-256' },
  },
}
