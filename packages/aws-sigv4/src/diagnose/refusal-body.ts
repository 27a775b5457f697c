import { headerOf, type ResponseSnapshot } from '@ez/core'

/** What a service says of a request that it refused. */
export interface RefusalBody {
  /** Such as `SignatureDoesNotMatch`; empty when there is none. */
  readonly code: string
  readonly message: string
  /** What the service computed, when it says so. */
  readonly canonicalRequest: string | undefined
  readonly stringToSign: string | undefined
  /** Another element of S3's error, such as `ServerTime`. */
  field(name: string): string | undefined
}

/** Reads an error of S3 (XML), of API Gateway, SP-API or a JSON service, or of a query service (XML). */
export function readRefusal({ headers, body }: ResponseSnapshot): RefusalBody | undefined {
  const text = new TextDecoder().decode(body)
  if (/^\s*</.test(text)) return readXml(text)
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return readJson(JSON.parse(text) as unknown, headerOf(headers, 'x-amzn-errortype'))
  } catch {
    return undefined
  }
}

function readXml(text: string): RefusalBody | undefined {
  const field = (name: string): string | undefined => {
    const content = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
    return content === undefined ? undefined : decodeEntities(content)
  }
  const code = field('Code')
  if (code === undefined) return undefined
  return {
    code,
    message: field('Message') ?? '',
    canonicalRequest: field('CanonicalRequest'),
    stringToSign: field('StringToSign'),
    field,
  }
}

function readJson(value: unknown, errorType: string | undefined): RefusalBody | undefined {
  const whole = recordOf(value)
  // SP-API lists its errors; API Gateway and the JSON protocols have one at the top.
  const error = Array.isArray(whole.errors) ? recordOf(whole.errors[0]) : whole
  const message = [error.message, error.Message, error.details].find((one) => typeof one === 'string') ?? ''
  const code = [error.code, error.__type, errorType].find((one) => typeof one === 'string') ?? ''
  if (message === '' && code === '') return undefined
  return {
    code: String(code).replace(/^.*#/, '').replace(/:.*$/, ''),
    message: String(message),
    canonicalRequest: quoted(String(message), 'The Canonical String for this request should have been'),
    stringToSign: quoted(String(message), 'The String-to-Sign should have been'),
    field: () => undefined,
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** What stands in quotes after a sentence; it may hold quotes itself, so the last before the next part ends it. */
function quoted(message: string, sentence: string): string | undefined {
  const start = message.indexOf(`${sentence}\n'`)
  if (start < 0) return undefined
  const text = message.slice(start + sentence.length + 2)
  const next = text.indexOf("'\n\nThe ")
  const end = next < 0 ? text.lastIndexOf("'") : next
  return end < 0 ? undefined : text.slice(0, end)
}

const entities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities.get(name) ?? whole
    const point = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
