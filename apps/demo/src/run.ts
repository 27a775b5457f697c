import {
  diagnose,
  EzError,
  maskResponse,
  type PreparedRequest,
  prepare,
  type RequestTemplate,
  type ResponseSnapshot,
} from '@ez/core'
import { environment, staleClockMs, wrongKeys } from './environment.ts'
import {
  type Answer,
  type CaseResult,
  type Defect,
  type DemoRequest,
  defects,
  type Outcome,
  type RequestResult,
} from './model.ts'
import { readErrorCode } from './vendor-error.ts'

/** Sends a request as it is, then with each defect. */
export async function runRequest(request: DemoRequest, now: () => Date): Promise<RequestResult> {
  const cases: CaseResult[] = []
  for (const defect of [null, ...defects]) cases.push(await runCase(request, defect, now))
  return { request, cases }
}

/** Prepares a request, sends it, and compares the answer with what is expected. */
export async function runCase(
  request: DemoRequest,
  defect: Defect | null,
  now: () => Date,
): Promise<CaseResult> {
  const expected = defect === null ? request.accepted : request.refused[defect]
  const tampered = defect === 'tampered' ? request.tamper : undefined
  const started = { defect, expected, ...(tampered ? { tampered: tampered.what } : {}) }
  const template = templateOf(request)
  let prepared: PreparedRequest
  try {
    prepared = await prepare(template, {
      variables: defect === 'wrong-key' ? { ...environment, ...wrongKeys } : environment,
      // Python's first start takes its time on a busy machine.
      stepTimeoutMs: 300_000,
      clock: defect === 'stale-clock' ? () => new Date(now().getTime() + staleClockMs) : now,
    })
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    const { code, message } = error
    return {
      ...started,
      code,
      refusedBeforehand: message,
      problems: compare(expected, undefined, code, message),
    }
  }
  const { response, statusText } = await send(prepared, tampered?.change)
  // Masked as the trace is: a server may quote back what it was sent.
  const shown = maskResponse(response, prepared)
  const answer: Answer = { ...shown, statusText, body: new TextDecoder().decode(shown.body) }
  const code = readErrorCode(answer.body)
  const diagnosis =
    answer.status < 400 ? undefined : diagnose(response, prepared, template.preRequest ?? [])?.diagnosis
  const problems = compare(expected, answer.status, code, answer.body)
  const other = defect === null ? request.sameAs : undefined
  if (other && !(await isSignedAlike(request, other, now())))
    problems.push(`the authorization is not that of ${other.name}, at the same clock and nonce`)
  return {
    ...started,
    prepared,
    answer,
    ...(code === undefined ? {} : { code }),
    ...(other === undefined ? {} : { sameAs: other.name }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
    problems,
  }
}

/** The template of a request, its steps made. */
function templateOf({ template, steps }: DemoRequest): RequestTemplate {
  return steps ? { ...template, preRequest: steps() } : template
}

async function isSignedAlike(left: DemoRequest, right: DemoRequest, instant: Date): Promise<boolean> {
  const context = { variables: environment, clock: () => instant, nonce: () => 'fjaLirsIcCGVZWzBX0pg' }
  const [one, other] = await Promise.all(
    [left, right].map((request) => prepare(templateOf(request), context)),
  )
  const value = one && authorizationOf(one)
  return value !== undefined && other !== undefined && value === authorizationOf(other)
}

function authorizationOf({ headers }: PreparedRequest): string | undefined {
  return headers.find(([name]) => name === 'authorization')?.[1]
}

async function send(
  prepared: PreparedRequest,
  change: DemoRequest['tamper']['change'] | undefined,
): Promise<{ response: ResponseSnapshot; statusText: string }> {
  const sealed = prepared.toRequest()
  const response = await fetch(change ? await onTheWay(sealed, change) : sealed)
  return {
    response: {
      status: response.status,
      headers: [...response.headers],
      body: new Uint8Array(await response.arrayBuffer()),
    },
    statusText: response.statusText,
  }
}

// The signature stays; what it vouches for does not.
async function onTheWay(sealed: Request, change: DemoRequest['tamper']['change']): Promise<Request> {
  const { method } = sealed
  const body = sealed.body === null ? null : new Uint8Array(await sealed.arrayBuffer())
  const changed = change({ url: sealed.url, headers: sealed.headers, body })
  return new Request(changed.url, {
    method,
    headers: changed.headers,
    redirect: 'manual',
    body: changed.body as BodyInit | null,
  })
}

function compare(
  expected: Outcome,
  status: number | undefined,
  code: string | undefined,
  text: string,
): string[] {
  const problems: string[] = []
  if (status !== expected.status)
    problems.push(`${status ?? 'nothing sent'} in place of ${expected.status ?? 'nothing sent'}`)
  if (code !== expected.code) problems.push(`code ${code ?? 'none'} in place of ${expected.code ?? 'none'}`)
  if (expected.says !== undefined && !text.includes(expected.says))
    problems.push(`the answer does not say "${expected.says.trim()}"`)
  return problems
}
