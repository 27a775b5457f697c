import type { PreRequestScript, Secret, SignContext, Signer } from '@ez/core'
import { expectTypeOf, test } from 'vitest'
import { type Credential, defineSignature, type OptionsOf } from '../src/index.ts'

const description = {
  id: 'typed',
  options: {
    apiKey: 'credential',
    apiSecret: 'secret',
    session: 'token?',
    region: 'text',
    window: { default: 5000 },
    headers: { list: ['host'] },
    more: 'list?',
    algorithm: { oneOf: ['a', 'b'], default: 'a' },
    mode: { oneOf: ['x', 'y'] },
    note: { kind: 'secret?', about: 'Another secret' },
  },
  signature: { hmac: 'sha256', key: 'apiSecret', of: 'body', as: 'hex' },
  writes: { headers: { 'x-signature': '{signature}' } },
} as const

test('options are typed from the description', () => {
  interface Wanted {
    readonly apiKey: Credential
    readonly apiSecret: Credential
    readonly region: string | number
    readonly mode: 'x' | 'y'
    readonly session?: Credential
    readonly window?: string | number
    readonly headers?: readonly string[]
    readonly more?: readonly string[]
    readonly algorithm?: 'a' | 'b'
    readonly note?: Credential
  }
  expectTypeOf<OptionsOf<typeof description>>().toEqualTypeOf<Wanted>()
  const provider = defineSignature(description)
  expectTypeOf(provider.create).parameter(0).toEqualTypeOf<Wanted>()
  expectTypeOf<Credential>().toEqualTypeOf<
    string | Secret | ((context: SignContext) => string | Secret | Promise<string | Secret>)
  >()
})

test('a description that is written in place is typed too, without "as const"', () => {
  const provider = defineSignature({
    id: 'in-place',
    options: { secret: 'secret', region: { oneOf: ['eu', 'us'] } },
    signature: { hmac: 'sha256', key: 'secret', of: '{region}{body}', as: 'hex' },
    writes: { headers: { 'x-signature': '{signature}' } },
  })
  expectTypeOf(provider.create).parameter(0).toEqualTypeOf<{
    readonly secret: Credential
    readonly region: 'eu' | 'us'
  }>()
  // @ts-expect-error a region that is none
  const wrong = () => provider.create({ secret: 's', region: 'asia' })
  // @ts-expect-error the secret is missing
  const missing = () => provider.create({ region: 'eu' })
  expectTypeOf([wrong, missing]).toBeArray()
})

test('what writes to the path may be a script; all others are signers', () => {
  const create = () =>
    defineSignature(description).create({ apiKey: 'k', apiSecret: 's', region: 'r', mode: 'x' })
  expectTypeOf(create).returns.toEqualTypeOf<Signer>()
  const inPath = () =>
    defineSignature({
      id: 'in-path',
      options: { secret: 'secret' },
      signature: { hmac: 'sha256', key: 'secret', of: 'path', as: 'hex' },
      writes: { path: { at: 0, write: '{signature}' } },
    }).create({ secret: 's' })
  expectTypeOf(inPath).returns.toEqualTypeOf<Signer | PreRequestScript>()
})
