import { azureStorage, diagnoseAzureStorage } from '@ez/azure-storage'
import { diagnose, prepare, type ResponseSnapshot } from '@ez/core'
import { describe, expect, it } from 'vitest'

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const signer = azureStorage({ credentials })
const template = {
  method: 'PUT',
  url: 'https://myaccount.blob.core.windows.net/c/a&b',
  headers: { 'x-ms-blob-type': 'BlockBlob' },
  body: { text: 'hello' },
  preRequest: [signer],
}
const clock = (): Date => new Date('2026-01-15T12:36:00Z')

function answer(
  detail: string,
  changes: Partial<ResponseSnapshot> = {},
  code = 'AuthenticationFailed',
): ResponseSnapshot {
  const escaped = detail.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const xml = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Server failed.</Message><AuthenticationErrorDetail>${escaped}</AuthenticationErrorDetail></Error>`
  return { status: 403, headers: [], body: new TextEncoder().encode(xml), ...changes }
}

async function diagnosed(response: (stringToSign: string) => ResponseSnapshot) {
  const prepared = await prepare(template, { clock })
  const stringToSign = prepared.trace.find(({ id }) => id === 'string-to-sign')?.value ?? ''
  return diagnose(response(stringToSign), prepared, [signer])?.diagnosis
}

describe('a refusal', () => {
  const used = (text: string) =>
    `The MAC signature found in the HTTP request 'x' is not the same as any computed signature. Server used following string to sign: '${text}'.`

  it('that prints another string names the line that differs', async () => {
    const diagnosis = await diagnosed((text) =>
      answer(used(text.replace('text/plain', 'application/json').replaceAll('\n', '\r\n'))),
    )
    expect(diagnosis).toMatchObject({
      cause: 'signature-mismatch',
      message: expect.stringMatching(/content-type: the server expected "application\/json/),
      differences: [{ stage: 'string-to-sign', line: 6 }],
    })
  })

  it('that prints the same string means another key', async () => {
    expect(await diagnosed((text) => answer(used(text)))).toMatchObject({ cause: 'credential' })
  })

  it('for the date gives the skew', async () => {
    const headers: [string, string][] = [['date', 'Thu, 15 Jan 2026 13:06:00 GMT']]
    const old = "Request date header too old: 'Thu, 15 Jan 2026 12:36:00 GMT'"
    expect(await diagnosed(() => answer(old, { headers }))).toMatchObject({
      cause: 'clock-skew',
      clockOffsetMs: 1_800_000,
    })
  })

  it.each([
    [
      'a SAS that has ended',
      'Signature not valid in the specified time frame: Start [a] - Expiry [b] - Current [c]',
      'AuthenticationFailed',
      'token-expired',
    ],
    ['no explanation', '', 'AuthenticationFailed', 'credential'],
    ['a permission that is missing', '', 'AuthorizationPermissionMismatch', 'credential'],
  ])('for %s', async (_, detail, code, cause) => {
    expect(await diagnosed(() => answer(detail, {}, code))).toMatchObject({ cause })
  })

  it('for its load says how long to wait', async () => {
    const busy = answer('', { status: 503, headers: [['retry-after', '3']] }, 'ServerBusy')
    expect(await diagnosed(() => busy)).toMatchObject({ cause: 'throttled', retryAfterMs: 3000 })
  })

  it('of another kind is none of ours', async () => {
    expect(await diagnosed(() => answer('', { status: 404 }, 'BlobNotFound'))).toBeUndefined()
    expect(await diagnosed(() => answer('', { status: 403 }, 'PublicAccessNotPermitted'))).toBeUndefined()
  })
})

it('reads a body of elements that never end in one pass', () => {
  const body = new TextEncoder().encode('<Code>'.repeat(500_000))
  const prepared = { headers: [], trace: [] } as unknown as Awaited<ReturnType<typeof prepare>>
  expect(diagnoseAzureStorage({ status: 403, headers: [], body }, prepared)).toBeUndefined()
})
