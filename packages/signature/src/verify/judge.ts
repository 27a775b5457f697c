import { EzError, reveal, Secret } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { isUsableSecret, type VerifierSettings } from '@ez/core/received'
import type { Program } from '../compile/program.ts'
import { type Compiled, secretsOf } from '../compile/scope.ts'
import type { Run } from '../run/run.ts'
import { shown } from '../run/shown.ts'
import { textOf } from '../run/values.ts'
import { isKeyPair, verifyWithKeyPair } from '../sign/key-pair.ts'
import { urlsOf } from './called-urls.ts'
import { checkTimes } from './check-times.ts'
import type { Claim } from './claim.ts'
import { CoverNotes, coversOf } from './covers.ts'
import type { Captured } from './layout.ts'
import type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from './options.ts'
import { ReceivedSource } from './received-source.ts'
import { refusal } from './refusal.ts'
import { signatureBytes } from './signature-bytes.ts'

const mostTried = 16
const longestText = 1_048_576

/** Decides about a claim. @throws the codes of the verifier */
export async function judge(
  claim: Claim,
  options: VerifySignatureOptions,
  settings: VerifierSettings,
): Promise<VerifiedSignature> {
  const { program, captured, received, description } = claim
  const { scope } = program
  const signedAt = checkTimes(claim, settings)
  const credentials = [...scope.options].filter(([, { kind }]) => kind === 'credential').map(([name]) => name)
  const keyId = credentials.flatMap((name) => captured.bound.get(name) ?? []).join(' ')
  const secrets = secretsFrom(program, await options.secretFor(keyId))
  if (secrets.length === 0) throw refusal('EZ_KEY_UNKNOWN', `the key "${keyId}" is not known here`)
  const values = optionsOf(program, captured, options)
  checkTold(captured, options)
  const needsBody = usesBody(program, claim)
  const body = claim.body ?? (needsBody ? await received.readBody(settings.maxBodyBytes) : new Uint8Array())
  let first: Run | undefined
  for (const url of urlsOf(received.calledUrl, description.receives?.ports === 'either'))
    for (const secret of secrets) {
      checkTokens(program, captured, secret)
      const run = runOf(claim, url, body, { ...values, ...secret }, signedAt ?? settings.now.getTime())
      first ??= run
      if (!(await isSigned(program, captured, run))) continue
      checkEqual(captured, run)
      const verified = await verifiedOf(claim, run, keyId, body, signedAt)
      const nonce = captured.bound.get('nonce')
      // Last, so that a request that is refused for something else does not use a nonce up.
      if (nonce !== undefined && (await options.nonceSeen?.(nonce)))
        throw refusal('EZ_NONCE_SEEN', 'the nonce was used before')
      return verified
    }
  if (first) checkEqual(captured, first)
  throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key', {
    stages: first ? stagesOf(program, first) : {},
  })
}

type Values = Readonly<Record<string, string | readonly string[]>>

function runOf(
  { placement, captured, received, program }: Claim,
  url: string,
  body: Uint8Array,
  options: Values,
  now: number,
): Run {
  const named: Record<string, readonly string[]> = Object.create(null)
  for (const [list, names] of captured.named) named[list] = names
  const bound: Record<string, string> = Object.create(null)
  for (const [name, text] of captured.bound) if (!program.scope.options.has(name)) bound[name] = text
  const run: Run = {
    source: new ReceivedSource(received.method, url, received.headers, body, placement.added),
    options,
    now,
    bound,
    nonce: () => {
      throw refusal('EZ_AUTHORIZATION_INVALID', 'the scheme signs a nonce and does not send it')
    },
    memo: [],
    stages: [],
    lists: [],
    signature: undefined,
    item: undefined,
    limit: longestText + body.length,
    named,
    notes: new CoverNotes(),
  }
  bindMoved(program, captured, run)
  return run
}

/** Where the body is moved away, what was made of it is what was sent. */
function bindMoved({ scope, writes }: Program, { checks }: Captured, run: Run): void {
  if (!writes.some(({ to }) => to === 'body')) return
  for (const { piece, text } of checks)
    for (const [name, { index }] of scope.stages)
      if (piece.uses.has(`stage:${name}`)) run.stages[index] = text
}

function usesBody({ signature }: Program, { captured }: Claim): boolean {
  return signature.uses.has('body') || captured.checks.some(({ piece }) => piece.uses.has('body'))
}

async function isSigned({ signature }: Program, { signatures }: Captured, run: Run): Promise<boolean> {
  const rule = signature.choose(run)
  let isRight = false
  if (!isKeyPair(rule)) run.signature = textOf(rule.read(run))
  for (const { text, part } of signatures.slice(0, mostTried)) {
    if (isKeyPair(rule)) {
      const bytes = signatureBytes([...rule.as, ...part.transforms], text)
      if (bytes && (await verifyWithKeyPair(rule, run, bytes))) isRight = true
    } else if (equalInConstantTime(textOf(part.piece.read(run)), text)) isRight = true
  }
  return isRight
}

/** @throws EZ_BODY_MISMATCH, EZ_AUTHORIZATION_INVALID, EZ_HEADER_UNSIGNED */
function checkEqual({ checks }: Captured, run: Run): void {
  for (const { piece, text, place } of checks)
    if (textOf(piece.read(run)) !== text)
      throw piece.uses.has('body')
        ? refusal('EZ_BODY_MISMATCH', `the body is not the one that ${place} was made of`)
        : refusal('EZ_AUTHORIZATION_INVALID', `${place} does not fit the request`)
}

function secretsFrom({ scope }: Program, found: VerifierSecret): Record<string, string>[] {
  const names = [...scope.options].filter(([, { kind }]) => kind === 'secret').map(([name]) => name)
  const list: readonly unknown[] = Array.isArray(found) ? found.slice(0, mostTried) : [found]
  return list.flatMap((one) => {
    if (isUsableSecret(one)) return [Object.fromEntries(names.map((name) => [name, reveal(one)]))]
    if (typeof one !== 'object' || one === null || Secret.isInstance(one)) return []
    const given = one as Readonly<Record<string, unknown>>
    if (!names.every((name) => scope.options.get(name)?.optional || isUsableSecret(given[name]))) return []
    return [
      Object.fromEntries(
        Object.entries(given).flatMap(([name, value]) =>
          isUsableSecret(value) ? [[name, reveal(value)]] : [],
        ),
      ),
    ]
  })
}

/** @throws EZ_TOKEN_MISMATCH where the look-up knows the token that goes with the key, and another was sent */
function checkTokens(
  { scope }: Program,
  { bound }: Captured,
  secret: Readonly<Record<string, string>>,
): void {
  for (const [name, { kind }] of scope.options)
    if (
      kind === 'token' &&
      secret[name] !== undefined &&
      !equalInConstantTime(secret[name], bound.get(name) ?? '')
    )
      throw refusal('EZ_TOKEN_MISMATCH', `${name} is not the one that belongs to the key`)
}

/** @throws EZ_SCOPE_MISMATCH, EZ_OPTION_INVALID */
function optionsOf(
  { scope }: Program,
  { bound }: Captured,
  { options = {} }: VerifySignatureOptions,
): Values {
  const values: Record<string, string | readonly string[]> = Object.create(null)
  for (const name of Object.keys(options))
    if (!scope.options.has(name))
      throw new EzError('EZ_OPTION_INVALID', `verify signature: there is no option "${name}".`)
  for (const [name, { kind, fallback, optional, oneOf }] of scope.options) {
    const [told, given] = [bound.get(name), options[name]]
    if (told !== undefined && given !== undefined && told !== String(given))
      throw refusal('EZ_SCOPE_MISMATCH', `${name} is not ${String(given)}`)
    const value = told ?? (typeof given === 'number' ? String(given) : given) ?? fallback
    if (oneOf && typeof value === 'string' && !oneOf.includes(value))
      throw refusal('EZ_SCOPE_MISMATCH', `${name} is none of ${oneOf.join(', ')}`)
    values[name] = value ?? (kind === 'list' ? [] : '')
    if (value === undefined && kind === 'text' && !optional)
      throw new EzError(
        'EZ_OPTION_INVALID',
        `verify signature: the request does not tell ${name}. Give it in options.`,
      )
  }
  return values
}

/** @throws EZ_HEADER_UNSIGNED */
function checkTold({ named }: Captured, { requires = [] }: VerifySignatureOptions): void {
  const told = [...named.values()].flat().map((name) => name.toLowerCase())
  const missing = requires.find((name) => !told.includes(name.toLowerCase()))
  if (missing !== undefined) throw refusal('EZ_HEADER_UNSIGNED', `${missing} is not signed`)
}

function stagesOf({ scope, shown: names }: Program, { stages }: Run): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const name of names) {
    const { index, leaks } = scope.stages.get(name) as Compiled & { readonly index: number }
    const value = stages[index]
    // A text that holds the secret is nobody's to read.
    if (value !== undefined && secretsOf(leaks).length === 0) texts[name] = shown(value)
  }
  return texts
}

/** Whether it tells an instant that no other signed text holds: unsigned, a request would hold for ever. */
function isLoose({ uses }: Compiled, { signature }: Program): boolean {
  const times = [...uses].filter((use) => use.startsWith('time:'))
  return times.length > 0 && !times.some((use) => signature.uses.has(use))
}

async function verifiedOf(
  claim: Claim,
  run: Run,
  keyId: string,
  body: Uint8Array,
  signedAt: number | undefined,
): Promise<VerifiedSignature> {
  const { program, placement, received } = claim
  const notes = run.notes as CoverNotes
  const rule = program.signature.choose(run)
  const parts = new Set(
    notes.of(() => (isKeyPair(rule) ? [rule.of.read(run), rule.key.read(run)] : rule.read(run))),
  )
  const told = placement.writes.filter(
    ({ to, piece }) =>
      to === 'headers' &&
      !piece.uses.has('signature') &&
      piece.uses.size > 0 &&
      [...piece.uses].every((use) => program.signature.uses.has(use)),
  )
  const written = told.map(({ name }) => name)
  for (const { piece, name, to } of placement.writes)
    if (to === 'headers' && parts.has(`header:${name}`))
      for (const part of notes.of(() => piece.read(run))) parts.add(part)
  const present = received.headers.map(([name]) => name)
  const covers = coversOf(parts, present, body.length, written)
  for (const { to, name, piece } of placement.writes)
    if (to === 'headers' && isLoose(piece, program) && !covers.headers.includes(name))
      throw refusal('EZ_HEADER_UNSIGNED', `the instant in ${name} is not signed`)
  return {
    keyId,
    covers,
    signedNames: covers.headers,
    body: covers.body === 'none' ? null : covers.body === 'all' ? body : body.subarray(0, covers.body.bytes),
    signedAt: signedAt === undefined ? undefined : new Date(signedAt),
  }
}
