import { EzError } from '../base/error.ts'
import { bodySamples, checkBody, checkStream } from './bodies.ts'
import { vectorChecks } from './checks.ts'
import { checkPaths, checkProvider, checkStages } from './provider-checks.ts'
import { checkMarked, checkMissing, checkSecrecy } from './secrecy.ts'
import { type SignerCheckOptions, type SignerSource, Subject } from './subject.ts'
import { parseVectors } from './vector.ts'

/** One check, independent of any test runner: it throws an `EzError` when it fails. */
export interface SignerCheck {
  /** The vector's title, or what all vectors share. */
  readonly group: string
  /** What it expects. */
  readonly title: string
  /** Rejects when the expectation is not met. */
  run(): Promise<void>
}

/** The functions of a test runner; vitest's, jest's, `node:test`'s and `bun:test`'s fit. */
export interface TestRunner {
  /** Groups tests. */
  describe(title: string, body: () => void): unknown
  /** Registers one test. */
  it(title: string, body: () => Promise<void>): unknown
}

/** Options of {@link describeSigner}. */
export interface DescribeSignerOptions extends SignerCheckOptions, Partial<TestRunner> {}

/**
 * The checks of a signer as plain functions, for places without a test runner.
 *
 * @throws EZ_VECTOR_INVALID when the vectors do not have the format of `@ez/core/schema/vector.json`;
 * EZ_OPTION_INVALID when one is not deterministic and there is no `verify`
 *
 * @example
 * ```ts
 * import type { Provider } from '@ez/core'
 * import { signerChecks } from '@ez/core/testing'
 *
 * export async function checkAll(provider: Provider, vectors: unknown): Promise<void> {
 *   for (const check of signerChecks(provider, vectors, { credentials: ['secretKey'] })) await check.run()
 * }
 * ```
 */
export function signerChecks<Options>(
  signer: SignerSource<Options>,
  vectors: unknown,
  options: SignerCheckOptions,
): readonly SignerCheck[] {
  const parsed = parseVectors(vectors)
  const subject = new Subject(signer as SignerSource<never>, parsed, options)
  const base = parsed.find(({ title }) => title === options.bodies) ?? parsed[0]
  if (!base || (options.bodies !== undefined && base.title !== options.bodies))
    throw new EzError(
      'EZ_VECTOR_INVALID',
      base ? `bodies: there is no vector "${options.bodies}".` : 'There is no vector. Add one.',
    )
  const random = parsed.find(({ deterministic }) => deterministic === false)
  if (random && !options.verify)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${random.title}: a signature that is drawn anew is verified, not compared. Give verify.`,
    )
  const checks: SignerCheck[] = []
  const add = (group: string, title: string, run: () => Promise<void>): void => {
    checks.push({ group, title, run })
  }
  const whole = 'as a whole'
  add(whole, 'has a vector for each of its stages', () => checkStages(subject))
  add(whole, 'has the options that are named', async () => checkPaths(subject))
  if (typeof signer !== 'function')
    add(whole, 'is described by its provider', () => checkProvider(signer as never, parsed))
  for (const path of options.credentials)
    add(whole, `asks for ${path}`, () => checkMissing(subject, base, path))
  for (const path of options.credentials)
    add(whole, `takes ${path} marked secret`, () => checkMarked(subject, base, path))
  for (const kind of Object.keys(bodySamples))
    add(whole, `signs the ${kind} body`, () => checkBody(subject, base, kind))
  add(whole, 'signs no stream that it would have to read', () => checkStream(subject, base))
  for (const vector of parsed) {
    for (const check of vectorChecks(subject))
      add(vector.title, check.title, () => check.run(subject, vector))
    add(vector.title, 'shows no secret', () => checkSecrecy(subject, vector))
  }
  return checks
}

/**
 * Describes a signer to a test runner: every vector byte for byte at every stage, and the rules that every
 * signer keeps (input unchanged, deterministic, declared writes, re-signing replaces, no secret shown,
 * credentials asked for, all kinds of bodies, sign → verify → tamper).
 *
 * Runs under vitest with globals; give `describe` and `it` otherwise.
 *
 * @throws EZ_VECTOR_INVALID when the vectors do not have the format of `@ez/core/schema/vector.json`;
 * EZ_OPTION_INVALID when one is not deterministic and there is no `verify`, or there is no test runner
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import type { Provider } from '@ez/core'
 * import { describeSigner } from '@ez/core/testing'
 *
 * export function test(provider: Provider, vectors: unknown): void {
 *   describeSigner(provider, vectors, { credentials: ['secretKey'], describe, it })
 * }
 * ```
 */
export function describeSigner<Options>(
  signer: SignerSource<Options>,
  vectors: unknown,
  options: DescribeSignerOptions,
): void {
  const globals = globalThis as Partial<TestRunner>
  const describe = options.describe ?? globals.describe
  const it = options.it ?? globals.it
  if (!describe || !it)
    throw new EzError('EZ_OPTION_INVALID', 'describeSigner: there is no test runner. Give describe and it.')
  const checks = signerChecks(signer, vectors, options)
  for (const group of new Set(checks.map((check) => check.group)))
    describe(group, () => {
      for (const check of checks) if (check.group === group) it(check.title, () => check.run())
    })
}
