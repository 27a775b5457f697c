import { hash, sha256 } from '#crypto'
import type { ResolvedRequest } from '../contract/request.ts'
import type { SignResult } from '../contract/step.ts'
import { signRequest } from '../prepare.ts'
import { compareStage, ensure } from './compare.ts'
import { verified } from './round-trip.ts'
import { checkKept, seal, type VectorCheck } from './seal.ts'
import type { Subject } from './subject.ts'
import { bytesOf, contextOf, requestOf, textOfRequest, type Vector } from './vector.ts'

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
  title: 'leaves the request and its options as they were',
  async run(subject, vector) {
    const request = requestOf(vector)
    const before = textOfRequest(request)
    const options = structuredClone(vector.options)
    await subject.create(options).sign(request, contextOf(vector))
    compareStage(vector.title, 'request', before, textOfRequest(request))
    compareStage(vector.title, 'options', JSON.stringify(vector.options), JSON.stringify(options))
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
    const later = contextOf(vector, subject.laterMs)
    compareStage(
      vector.title,
      'the result of the same signer at a later time',
      texts(await subject.signer(vector).sign(requestOf(vector), later)),
      texts(await signer.sign(requestOf(vector), later)),
    )
  },
}

const declared: VectorCheck = {
  title: 'writes only what it declares',
  async run(subject, vector) {
    const { id, writes } = subject.signer(vector)
    const headers = [...writes.headers, ...(writes.amends ?? [])]
    for (const name of headers)
      ensure(
        name === name.toLowerCase(),
        `${id}: header names in writes must be in lower case, unlike ${name}.`,
      )
    const { patch } = await subject.sign(vector)
    for (const name of Object.keys(patch.headers))
      ensure(headers.includes(name), `${id}: it writes the header ${name} without declaring it.`)
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
    checkKept(vector.title, vector.request.headers, prepared)
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
    const twice = await seal(subject, vector, await seal(subject, vector), subject.laterMs)
    const once = await seal(subject, vector, requestOf(vector), subject.laterMs)
    const text = (request: ResolvedRequest): string =>
      isDeterministic(vector) ? textOfRequest(request) : request.headers.map(([name]) => name).join('\n')
    compareStage(vector.title, 'the request signed again', text(once), text(twice))
  },
}

/** The checks that run on every vector; the last one only where there is a verifier. */
export function vectorChecks({ options }: Subject): readonly VectorCheck[] {
  const always = [stages, unchanged, deterministic, declared, sealed, again]
  return options.verify ? [...always, verified] : always
}
