import { EzError } from '../base/error.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { VerifierOptions } from '../received/settings.ts'
import { codedError, ensure } from './compare.ts'
import type { TestRunner } from './describe-signer.ts'

/** A verifier, with a request that it takes. */
export interface VerifierSubject {
  /** Verifies with these options in place of the subject's own. */
  readonly verify: (
    request: Request | ResolvedRequest,
    options: VerifierOptions & { readonly secretFor?: () => never },
  ) => Promise<unknown>
  /** A signed request with a body of bytes, as long as the verifier reads bodies. */
  readonly request: ResolvedRequest
  /** Whether the verifier reads the body (default `true`). */
  readonly readsBody?: boolean
  /** Whether the verifier compares its clock with the request (default `true`). */
  readonly readsClock?: boolean
  /** What a look-up must not give, beside `undefined`, `null` and an empty text. */
  readonly unusableSecrets?: readonly unknown[]
}

/** One check of a verifier; it throws an `EzError` when it fails. */
export interface VerifierCheck {
  /** What it expects. */
  readonly title: string
  /** Rejects when the expectation is not met. */
  run(): Promise<void>
}

/**
 * The checks of a verifier as plain functions, for places without a test runner.
 *
 * @example
 * ```ts
 * import type { ResolvedRequest } from '@ez/core'
 * import { type VerifierSubject, verifierChecks } from '@ez/core/testing'
 *
 * export async function checkAll(request: ResolvedRequest, verify: VerifierSubject['verify']): Promise<void> {
 *   for (const check of verifierChecks({ request, verify })) await check.run()
 * }
 * ```
 */
export function verifierChecks(subject: VerifierSubject): readonly VerifierCheck[] {
  const { request, verify, readsBody = true, readsClock = true, unusableSecrets = [] } = subject
  const refused = async (
    code: string,
    what: string,
    options: Parameters<typeof verify>[1],
    received: unknown = request,
  ): Promise<void> => {
    const error = await codedError(() => verify(received as ResolvedRequest, options), what)
    ensure(error?.code === code, `${what}: expected ${code}, got ${error?.code ?? 'no refusal'}.`)
  }
  const checks: VerifierCheck[] = [
    {
      title: 'takes the options that all verifiers have',
      run: async () => {
        await verify(request, { maxSkewSeconds: 60, maxBodyBytes: 1_048_576, url: request.url })
      },
    },
    {
      title: 'verifies the URL that the client called, behind a proxy',
      run: async () => {
        await verify({ ...request, url: 'http://127.0.0.1:8080/behind' }, { url: request.url })
      },
    },
    {
      title: 'refuses a clock without an instant, and negative limits',
      async run() {
        await refused('EZ_OPTION_INVALID', 'an invalid date', { now: new Date(Number.NaN) })
        await refused('EZ_OPTION_INVALID', 'a clock of invalid dates', { now: () => new Date(Number.NaN) })
        await refused('EZ_OPTION_INVALID', 'a negative skew', { maxSkewSeconds: -1 })
        await refused('EZ_OPTION_INVALID', 'a negative size', { maxBodyBytes: -1 })
      },
    },
    {
      title: 'takes a look-up without a usable secret for an unknown key',
      async run() {
        for (const secret of [undefined, null, '', ...unusableSecrets])
          await refused('EZ_KEY_UNKNOWN', `the secret ${JSON.stringify(secret)}`, {
            secretFor: () => secret as never,
          })
      },
    },
    {
      title: 'refuses what is no request',
      async run() {
        for (const received of [null, undefined, {}, { ...request, headers: null }, { ...request, url: 1 }])
          await refused('EZ_REQUEST_INVALID', `the request ${JSON.stringify(received)}`, {}, received ?? null)
      },
    },
  ]
  if (readsClock)
    checks.push({
      title: 'refuses a request of another time',
      async run() {
        const now = new Date(Date.now() + 3_155_760_000_000)
        const error = await codedError(() => verify(request, { now }), 'a hundred years later')
        ensure(error !== undefined, 'a hundred years later: the request was accepted.')
      },
    })
  if (readsBody)
    checks.push(
      {
        title: 'refuses a body that is too large, and leaves it to the caller',
        async run() {
          const endless = received(request, endlessBody())
          await refused('EZ_BODY_TOO_LARGE', 'an endless body', { maxBodyBytes: 100_000 }, endless)
          ensure(!endless.bodyUsed, 'an endless body: the verifier used up the request.')
          const reader = endless.body?.getReader()
          ensure(
            (await reader?.read())?.value?.length === 65_536,
            'an endless body: the request is not whole.',
          )
          await reader?.cancel()
          const announced = { ...request, headers: [...request.headers, ['content-length', '101'] as const] }
          await refused('EZ_BODY_TOO_LARGE', 'an announced body', { maxBodyBytes: 100 }, announced)
        },
      },
      {
        title: 'refuses a body that was read before',
        async run() {
          const used = received(request, request.body as Uint8Array<ArrayBuffer>)
          await used.arrayBuffer()
          await refused('EZ_BODY_INVALID', 'a used body', {}, used)
        },
      },
    )
  return checks
}

/**
 * Describes a verifier to a test runner: what it refuses whatever its scheme is (a clock without an instant, another
 * time, no usable secret, no request, a body that is too large or was read before), and that it goes by the URL that
 * the client called.
 *
 * Runs under vitest with globals; give `describe` and `it` otherwise.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { describeVerifier, type VerifierSubject } from '@ez/core/testing'
 *
 * export function test(subject: VerifierSubject): void {
 *   describeVerifier({ ...subject, describe, it })
 * }
 * ```
 */
export function describeVerifier(subject: VerifierSubject & Partial<TestRunner>): void {
  const globals = globalThis as Partial<TestRunner>
  const describe = subject.describe ?? globals.describe
  const it = subject.it ?? globals.it
  if (!describe || !it)
    throw new EzError('EZ_OPTION_INVALID', 'describeVerifier: there is no test runner. Give describe and it.')
  describe('the verifier, whatever its scheme', () => {
    for (const check of verifierChecks(subject)) it(check.title, () => check.run())
  })
}

function received(request: ResolvedRequest, body: ReadableStream | Uint8Array<ArrayBuffer>): Request {
  const headers = request.headers.map(([name, value]): [string, string] => [name, value])
  // Runtimes ask for `duplex` with a stream; the type of the DOM does not know it.
  const init: RequestInit & { duplex: 'half' } = { method: request.method, headers, body, duplex: 'half' }
  return new Request(request.url, init)
}

/** A body far longer than any limit; it ends all the same, for a verifier that would read on for ever. */
function endlessBody(): ReadableStream<Uint8Array> {
  let left = 1024
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536))
      left -= 1
      if (left === 0) controller.close()
    },
  })
}
