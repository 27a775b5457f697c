import { hash, sha256 } from '@ez/core/crypto'
import { signRequest } from '../prepare.ts'
import type { PreparedRequest } from '../prepared.ts'
import type { ResolvedRequest } from '../request.ts'
import type { SignResult } from '../step.ts'
import { bodySamples } from './bodies.ts'
import { codedError, compareStage, ensure } from './compare.ts'
import type { Subject } from './subject.ts'
import { tamperings } from './tamper.ts'
import { bytesOf, contextOf, requestOf, textOfRequest, type Vector } from './vector.ts'

/** One check of one vector. */
export interface VectorCheck {
  readonly title: string
  run(subject: Subject, vector: Vector): Promise<void>
}

/** Signs through core, as a user does. */
export function seal(
  subject: Subject,
  vector: Vector,
  request: ResolvedRequest = requestOf(vector),
  laterMs = 0,
): Promise<PreparedRequest> {
  const { now, nonce } = contextOf(vector, laterMs)
  return signRequest(request, [subject.signer(vector)], { clock: now, nonce })
}

function isDeterministic({ deterministic }: Vector): boolean {
  return deterministic !== false
}

function textOfResult({ patch, trace }: SignResult): string {
  return JSON.stringify(
    [patch.headers, patch.query, trace, patch.body instanceof Uint8Array ? [...patch.body] : null],
    null,
    1,
  )
}

function textOfHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .sort()
    .map((name) => `${name}: ${headers[name]}`)
    .join('\n')
}

function textOfQuery(query: SignResult['patch']['query']): string {
  return query.map(([name, value]) => `${name}=${value}`).join('\n')
}

const stages: VectorCheck = {
  title: 'gives every stage byte for byte',
  async run(subject, vector) {
    const { patch, trace } = await subject.sign(vector)
    for (const [id, expected] of Object.entries(vector.stages)) {
      const stage = trace.find((entry) => entry.id === id)
      ensure(stage !== undefined, `${vector.title}: the trace has no stage ${id}.`)
      if (id !== 'signature' || isDeterministic(vector)) compareStage(vector.title, id, expected, stage.value)
    }
    const { expected } = vector
    const shown = isDeterministic(vector)
      ? textOfHeaders
      : (headers: Readonly<Record<string, string>>): string => Object.keys(headers).sort().join('\n')
    compareStage(vector.title, 'headers', shown(expected.headers), shown(patch.headers))
    if (isDeterministic(vector))
      compareStage(vector.title, 'query', textOfQuery(expected.query), textOfQuery(patch.query))
    if (expected.body !== undefined) {
      ensure(patch.body instanceof Uint8Array, `${vector.title}: the patch has no body of bytes.`)
      const [wanted, given] = [bytesOf(expected.body), patch.body].map((body) => hash(sha256, body, 'hex'))
      compareStage(vector.title, 'SHA-256 of the body', wanted as string, given as string)
    }
  },
}

const unchanged: VectorCheck = {
  title: 'leaves the request as it was',
  async run(subject, vector) {
    const request = requestOf(vector)
    const before = textOfRequest(request)
    await subject.sign(vector, request)
    compareStage(vector.title, 'request', before, textOfRequest(request))
  },
}

const deterministic: VectorCheck = {
  title: 'signs the same under one clock and nonce',
  async run(subject, vector) {
    const signer = subject.signer(vector)
    const first = await signer.sign(requestOf(vector), contextOf(vector))
    const texts = (result: SignResult): string =>
      isDeterministic(vector)
        ? textOfResult(result)
        : result.trace
            .filter(({ id }) => id !== 'signature')
            .map(({ value }) => value)
            .join('\n')
    compareStage(
      vector.title,
      'a second result of the same signer',
      texts(first),
      texts(await signer.sign(requestOf(vector), contextOf(vector))),
    )
    compareStage(
      vector.title,
      'the result of another signer',
      texts(first),
      texts(await subject.sign(vector)),
    )
  },
}

const declared: VectorCheck = {
  title: 'writes only what it declares',
  async run(subject, vector) {
    const { id, writes } = subject.signer(vector)
    for (const name of writes.headers)
      ensure(name === name.toLowerCase(), `${id}: writes.headers must be in lower case, and holds ${name}.`)
    const { patch } = await subject.sign(vector)
    for (const name of Object.keys(patch.headers))
      ensure(writes.headers.includes(name), `${id}: it writes the header ${name} without declaring it.`)
    for (const [name] of patch.query)
      ensure(writes.query.includes(name), `${id}: it writes the query name ${name} without declaring it.`)
    ensure(
      patch.body === undefined || writes.body === true,
      `${id}: it writes the body without declaring it.`,
    )
  },
}

const sealed: VectorCheck = {
  title: 'is sealed by core as it was signed',
  async run(subject, vector) {
    const prepared = await seal(subject, vector)
    const core = await signRequest(requestOf(vector), [])
    const wire = subject.signer(vector).canonicalUrl?.(core.url) ?? core.url
    compareStage(vector.title, 'URL in wire form', wire, vector.request.url)
    if (!isDeterministic(vector)) return
    const names = Object.keys(vector.expected.headers)
    const sent = Object.fromEntries(prepared.headers.filter(([name]) => names.includes(name)))
    compareStage(vector.title, 'sent headers', textOfHeaders(vector.expected.headers), textOfHeaders(sent))
    const query = [...new URL(prepared.url).searchParams].slice(-vector.expected.query.length || Infinity)
    compareStage(vector.title, 'sent query', textOfQuery(vector.expected.query), textOfQuery(query))
  },
}

const again: VectorCheck = {
  title: 'replaces its own signature when it signs again',
  async run(subject, vector) {
    // A replaced body is refused, not replaced again (section 5 of the contract).
    if (subject.signer(vector).writes.body) return
    const { laterMs = 60_000 } = subject.options
    const twice = await seal(subject, vector, await seal(subject, vector), laterMs)
    const once = await seal(subject, vector, requestOf(vector), laterMs)
    const text = (request: ResolvedRequest): string =>
      isDeterministic(vector) ? textOfRequest(request) : request.headers.map(([name]) => name).join('\n')
    compareStage(vector.title, 'the request signed again', text(once), text(twice))
  },
}

const verified: VectorCheck = {
  title: 'verifies, and no longer once it is tampered with',
  async run(subject, vector) {
    const { verify } = subject.options
    if (!verify) return
    const signed = await seal(subject, vector)
    await verify(signed, vector)
    const written = await subject.sign(vector)
    const stages = isDeterministic(vector) ? written.trace : signed.trace
    const signature = stages.find(({ id }) => id === 'signature')?.value
    for (const { title, part, request } of tamperings(
      signed,
      Object.keys(written.patch.headers),
      signature,
    )) {
      const covered = part === undefined || subject.covers(vector, part)
      // Other headers are the scheme's own business.
      if (!covered && part.startsWith('header:')) continue
      const refused = await codedError(() => verify(request, vector), `${vector.title}, ${title}`)
      ensure(
        covered === (refused !== undefined),
        `${vector.title}: ${title} was ${covered ? 'accepted' : `refused (${refused?.code}), and the signature does not cover it`}.`,
      )
    }
  },
}

/** The checks that run on every vector. */
export const vectorChecks: readonly VectorCheck[] = [
  stages,
  unchanged,
  deterministic,
  declared,
  sealed,
  again,
  verified,
]

/** Signs every kind of body; what is sent is what was given, and the verifier accepts it. */
export async function checkBody(subject: Subject, vector: Vector, kind: string): Promise<void> {
  const body = (bodySamples[kind] as () => Uint8Array)()
  const before = hash(sha256, body, 'hex')
  const method = ['GET', 'HEAD'].includes(vector.request.method) ? 'POST' : vector.request.method
  const headers = vector.request.headers.filter(([name]) => name !== 'content-length')
  const prepared = await seal(subject, vector, { method, url: vector.request.url, headers, body })
  ensure(hash(sha256, body, 'hex') === before, `${kind} body: the signer changed it.`)
  if (subject.signer(vector).writes.body) return
  ensure(
    prepared.body instanceof Uint8Array && hash(sha256, prepared.body, 'hex') === before,
    `${kind} body: another one is sent.`,
  )
  await subject.options.verify?.(prepared, vector)
}
