import { type AwsSigV4Options, awsSigV4 } from '@ez/aws-sigv4'
import type { VerifyAwsSigV4Options } from '@ez/aws-sigv4/verify'
import type { Pairs, ResolvedRequest, Signer } from '@ez/core'
import { contextAt } from './official-suite.ts'

/** AWS's published example secret. */
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const instant = '2026-01-15T12:36:00Z'

export const baseOptions: AwsSigV4Options = {
  service: 'execute-api',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
}

/** What accepts a request of {@link signed}. */
export const verifierOptions: VerifyAwsSigV4Options = {
  secretFor: (keyId) => (keyId === 'AKIDEXAMPLE' ? secretAccessKey : undefined),
  now: () => new Date(instant),
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Signs with a signer and puts the patch where core would. */
export async function signedBy(
  signer: Signer,
  request: Partial<ResolvedRequest>,
  at: string = instant,
): Promise<ResolvedRequest> {
  const whole: ResolvedRequest = {
    method: 'GET',
    url: 'https://api.example.com/',
    headers: [],
    body: null,
    ...request,
  }
  const url = signer.canonicalUrl?.(whole.url) ?? whole.url
  const { patch } = await signer.sign({ ...whole, url }, contextAt(at))
  const query = patch.query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  const headers: Pairs = [
    ...whole.headers.filter(([name]) => patch.headers[name] === undefined),
    ...Object.entries(patch.headers),
  ]
  return {
    ...whole,
    url: query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`,
    headers,
    body: patch.body ?? whole.body,
    ...(patch.bodyLength === undefined ? {} : { bodyLength: patch.bodyLength }),
  }
}

export function signed(
  request: Partial<ResolvedRequest>,
  options: Partial<AwsSigV4Options> = {},
): Promise<ResolvedRequest> {
  return signedBy(awsSigV4({ ...baseOptions, ...options }), request)
}
