import { type ResolvedRequest, signRequest } from '@ez/core'
import { type HttpMessageSignaturesOptions, httpMessageSignatures } from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { describe, expect, it } from 'vitest'
import * as webBotAuth from 'web-bot-auth'
import { signerFromJWK, verifierFromJWK } from 'web-bot-auth/crypto'

// The test key of RFC 9421 appendix B.1.4.
const jwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
  x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
}
const keyId = 'poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U'
const url = 'https://example.com/path/to/resource'
const created = new Date(1_735_689_600_000)
const agent: [string, string] = ['signature-agent', 'agent2="https://signature-agent.test"']

const options: HttpMessageSignaturesOptions = {
  algorithm: 'ed25519',
  key: JSON.stringify(jwk),
  keyId,
  components: ['@authority', '"signature-agent";key="agent2"'],
  label: 'sig2',
  alg: true,
  nonce: true,
  expiresIn: (4_889_289_600_000 - created.getTime()) / 1000,
  tag: 'web-bot-auth',
}

const verifying = {
  secretFor: (id: string) =>
    id === keyId
      ? ({ algorithm: 'ed25519', key: JSON.stringify({ ...jwk, d: undefined }) } as const)
      : undefined,
  requiredComponents: ['@authority'],
  tag: 'web-bot-auth',
}

// Source: github.com/cloudflare/web-bot-auth, test_data/web_bot_auth_architecture_v2.json.
const published = [
  {
    title: 'without an agent',
    headers: [] as [string, string][],
    changes: { components: ['@authority'], label: 'sig1' },
    nonce: 'zIW8+cdmA3vdYagbxojpONwa/l0EKJ/O3/wD486VvsQjO/RxPaSt6ZxvQaMcQzNnqKN/mQ6hpGiFro2L2qkz5A==',
    signature:
      'sig1=:QKN4fTdIYfh82fvoZCQiQA1weuozfCS/Led2zTMbewMMqH8PI2Wsy/5c4ao6B6D09nraNQdBNOADg8aM1MqfCg==:',
  },
  {
    title: 'with a member of signature-agent',
    headers: [agent],
    changes: {},
    nonce: 'n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==',
    signature:
      'sig2=:RdNFx5Bj6au3YgAMQL/RzmUlZE8QZLIaXGRpw985hWnwPfMxT228NMk6ehRS1PSl4e8PhbNZACSanGdhEwYCCg==:',
  },
]

describe('Web Bot Auth', () => {
  it.each(published)('$title: the published signature, made and verified', async (vector) => {
    const request = { method: 'GET', url, headers: vector.headers }
    const signer = httpMessageSignatures({ ...options, ...vector.changes })
    const signed = await signRequest(request, [signer], { clock: () => created, nonce: () => vector.nonce })
    expect(Object.fromEntries(signed.headers).signature).toBe(vector.signature)
    const verified = await verifyHttpMessageSignatures(signed, { ...verifying, now: created })
    expect(verified).toMatchObject({ keyId, covers: { host: true, method: false, path: false, headers: [] } })
    // A year later it holds still: it names its end.
    await verifyHttpMessageSignatures(signed, { ...verifying, now: new Date('2026-01-15T12:36:00Z') })
  })

  // Its 0.1.3 knows no members of a dictionary yet: see the published ones above.
  it('what we sign, web-bot-auth verifies', async () => {
    const item: [string, string] = ['signature-agent', '"https://signature-agent.test"']
    for (const headers of [[], [item]]) {
      const components = ['@authority', ...headers.map(([name]) => name)]
      const signer = httpMessageSignatures({ ...options, components })
      const signed = await signRequest({ method: 'GET', url, headers }, [signer])
      const received = new Request(url, { headers: signed.headers as [string, string][] })
      const verifier = await verifierFromJWK(jwk)
      await webBotAuth.verify(received, verifier)
      const tampered = new Request('https://other.example/', { headers: received.headers })
      await expect((async () => webBotAuth.verify(tampered, verifier))()).rejects.toThrow()
    }
  })

  it('what web-bot-auth signs, we verify', async () => {
    for (const headers of [[], [['signature-agent', '"https://signature-agent.test"']]] as [
      string,
      string,
    ][][]) {
      const request = new Request(url, { headers })
      const theirs = await webBotAuth.signatureHeaders(request, await signerFromJWK(jwk), {
        created,
        expires: new Date(created.getTime() + 60_000),
      })
      const sent: ResolvedRequest = {
        method: 'GET',
        url,
        headers: [
          ...headers,
          ['signature', theirs.Signature],
          ['signature-input', theirs['Signature-Input']],
        ],
        body: null,
      }
      const required = ['@authority', ...headers.map(([name]) => name)]
      const verified = await verifyHttpMessageSignatures(sent, {
        ...verifying,
        requiredComponents: required,
        now: created,
      })
      expect(verified).toMatchObject({
        keyId,
        covers: { host: true, headers: headers.map(([name]) => name) },
      })
      await expect(
        verifyHttpMessageSignatures(
          { ...sent, url: 'https://other.example/' },
          { ...verifying, now: created },
        ),
      ).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
    }
  })
})
