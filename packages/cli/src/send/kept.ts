import { readCaptures } from '@ez/client'
import {
  EzError,
  maskResponse,
  type PreparedRequest,
  type ResponseSnapshot,
  Secret,
  secretHider,
} from '@ez/core'
import type { LoadedRequest } from '../files/request-file.ts'
import { bodyData } from '../output/request.ts'
import type { Exchange } from './exchange.ts'
import type { Outcome } from './outcome.ts'

/** What is kept of an answer beside its verdict. */
type Kept = Pick<Outcome, 'captures' | 'withheld' | 'body'>

/**
 * What a request captures, and where it is wanted the answer's body; secrets are masked, and captures that are secret
 * only named. A capture that finds nothing is `missing`.
 */
export async function keepAnswer(
  { value: { capture = {} }, label }: LoadedRequest,
  { prepared, response, bytes }: Pick<Exchange, 'prepared' | 'response' | 'bytes'>,
  wanted: { readonly captures: boolean; readonly body: boolean },
): Promise<Kept & { readonly missing?: EzError }> {
  const asked = wanted.captures ? capture : {}
  if (Object.keys(asked).length === 0 && !wanted.body) return {}
  const { values, missing } = await captured(asked, response, label)
  const all = Object.entries(values)
  const secret = all.flatMap(([, value]) => (Secret.isInstance(value) ? [value] : []))
  const hide = secretHider(secret, () => '***')
  const shown = (value: unknown): unknown => withTexts(value, (text) => hide(maskedText(text, prepared)))
  const open = all.filter(([, value]) => !Secret.isInstance(value))
  // Of a body that is too long to be kept whole, a part would look like all of it.
  const isWhole = response.body.length === bytes
  const withheld = [
    ...all.flatMap(([name, value]) => (Secret.isInstance(value) ? [name] : [])),
    ...(wanted.body && !isWhole ? ['body'] : []),
  ]
  return {
    ...(open.length > 0 && { captures: shown(Object.fromEntries(open)) as Record<string, unknown> }),
    ...(withheld.length > 0 && { withheld }),
    ...(wanted.body && isWhole && { body: shown(await bodyOf(response, label)) }),
    ...(missing && { missing }),
  }
}

async function captured(
  captures: Parameters<typeof readCaptures>[0],
  response: ResponseSnapshot,
  label: string,
): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly missing?: EzError }> {
  try {
    return { values: (await readCaptures(captures, response, label)).captures }
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    return { values: {}, missing: error }
  }
}

async function bodyOf(response: ResponseSnapshot, label: string): Promise<unknown> {
  const data = bodyData(response.body)
  return data.encoding === 'utf8' ? (await readCaptures({}, response, label)).body : data
}

/** A text without the secrets of the request that it answers. */
export function maskedText(text: string, prepared: PreparedRequest): string {
  const body = new TextEncoder().encode(text)
  return new TextDecoder().decode(maskResponse({ status: 0, headers: [], body }, prepared).body)
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name), withTexts(item, change)]),
  )
}
