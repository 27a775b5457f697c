import { headerOf, instantOf, type PreparedRequest } from '@ez/core'

/** When a request says that it was signed; `undefined` when it does not. */
export function instantOfRequest({ headers, url, body }: PreparedRequest): Date | undefined {
  const query = new URL(url).searchParams
  const get = (name: string): string | undefined => headerOf(headers, name) ?? undefined
  const form = body instanceof Uint8Array && body.length < 100_000 ? new TextDecoder().decode(body) : ''
  const all = `${get('authorization') ?? ''} ${url} ${form} ${get('signature-input') ?? ''}`
  const seconds =
    /oauth_timestamp(?:=|%3D)"?(\d+)/.exec(all)?.[1] ??
    /;created=(\d{9,})/.exec(all)?.[1] ??
    get('x-tc-timestamp') ??
    get('x-slack-request-timestamp') ??
    get('webhook-timestamp') ??
    /\bt=(\d{9,})/.exec(get('stripe-signature') ?? '')?.[1]
  if (seconds !== undefined) return new Date(Number(seconds) * 1000)
  const milliseconds = get('x-bapi-timestamp')
  if (milliseconds !== undefined) return new Date(Number(milliseconds))
  const [, nonce] = get('api-sign') === undefined ? [] : (/(?:^|&)nonce=(\d{16})/.exec(form) ?? [])
  if (nonce !== undefined) return new Date(Math.floor(Number(nonce) / 1000))
  const edgeGrid = /timestamp=(\d{8}T\d\d:\d\d:\d\d)\+0000/.exec(all)?.[1]?.replace(/:/g, '')
  const ends = query.get('se')
  const text =
    query.get('X-Amz-Date') ??
    get('x-amz-date') ??
    get('x-acs-date') ??
    get('x-ms-date') ??
    (edgeGrid === undefined ? undefined : `${edgeGrid}Z`) ??
    get('date') ??
    query.get('st') ??
    // A link that says only until when it holds is looked at a moment before.
    (ends === null ? undefined : new Date(Date.parse(ends) - 1000).toISOString())
  const instant = instantOf(text)
  return instant === undefined ? undefined : new Date(instant)
}
