import type { ResolvedRequest, Signer, SignStage } from '@ez/core'
import type { Example } from './search.ts'

interface Body {
  readonly encoding: 'utf8' | 'base64'
  readonly data: string
}

/** A case in the format of `@ez/core/schema/vector.json`: what was asked, and what the description gave for it. */
export async function vectorOf(
  title: string,
  source: string,
  { request, options, context }: Example,
  stages: readonly SignStage[],
  signer: Pick<Signer, 'sign'>,
  usesNonce: boolean,
): Promise<object> {
  const { patch } = await signer.sign(request, context)
  return {
    title,
    source,
    context: { now: context.now().toISOString(), ...(usesNonce && { nonce: context.nonce() }) },
    options,
    request: {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: bodyOf(request.body),
    },
    stages: Object.fromEntries(stages.map(({ id, value }) => [id, value])),
    expected: {
      headers: patch.headers,
      query: patch.query,
      ...(patch.body !== undefined && { body: bodyOf(patch.body) }),
    },
  }
}

function bodyOf(body: ResolvedRequest['body']): Body | null {
  if (!(body instanceof Uint8Array) || body.length === 0) return null
  try {
    return { encoding: 'utf8', data: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) }
  } catch {
    return { encoding: 'base64', data: Buffer.from(body).toString('base64') }
  }
}
