import type { FetchAnswer, FetchCall } from './protocol.ts'

const largestResponseBytes = 8 * 1024 * 1024

/** Sends what a script's `fetch` asks for, to the allowed hosts only; redirects are not followed. */
export async function answerFetch(
  call: FetchCall,
  hosts: readonly string[],
  send: typeof fetch,
  signal: AbortSignal,
): Promise<FetchAnswer> {
  try {
    const url = allowedUrl(call.url, hosts)
    const response = await send(url, {
      method: call.method,
      headers: call.headers.map(([name, value]) => [name, value] as [string, string]),
      body: call.body as string | Uint8Array<ArrayBuffer> | null,
      redirect: 'manual',
      signal,
    })
    return {
      type: 'fetched',
      id: call.id,
      response: {
        status: response.status,
        statusText: response.statusText,
        url,
        headers: [...response.headers],
        body: await readBody(response),
      },
    }
  } catch (error) {
    return { type: 'fetched', id: call.id, error: `fetch: ${(error as Error).message}` }
  }
}

function allowedUrl(text: string, hosts: readonly string[]): string {
  const url = new URL(text)
  if (!hosts.includes(url.host)) throw new Error(`the host ${url.host} is not in allow.hosts`)
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw new Error('only https, or http to this machine')
  if (url.username !== '' || url.password !== '') throw new Error('the URL may not hold credentials')
  url.hash = ''
  return url.href
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > largestResponseBytes) throw new Error('the response is longer than 8 MiB')
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let place = 0
  for (const chunk of chunks) {
    body.set(chunk, place)
    place += chunk.length
  }
  return body
}
