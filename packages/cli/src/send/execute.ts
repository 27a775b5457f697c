import { attemptsOf, type Client, type ClientResponse, createClient, isUnsent } from '@ez/client'
import {
  type Diagnosis,
  EzError,
  maskResponse,
  type PrepareContext,
  type PreparedRequest,
  type ResponseSnapshot,
} from '@ez/core'
import type { Expectation } from '@ez/request-file'
import { locatedError } from '../files/locate.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import type { DownloadBar } from '../output/download-bar.ts'
import { exitCodeOf } from '../output/exit.ts'
import { bodyData } from '../output/request.ts'
import { bigintText, tokensIn } from '../providers/options.ts'
import { concealing } from '../providers/steps.ts'
import type { ReadyRequest, Session } from '../session.ts'
import { markSecrets } from '../variables/mark.ts'
import { unmet, unmetStatus } from './expect.ts'
import { type AttemptValues, asAttempted, observed, withStep } from './observe.ts'
import type { Outcome } from './outcome.ts'
import { receiveAnswer } from './receive.ts'
import { redirectOf } from './redirect.ts'
import { saveExchange } from './saved.ts'
import { type Connections, connectionHint } from './transport.ts'
import { tellWait } from './wait.ts'

/** How the requests of a run go out. */
export interface ExecuteOptions {
  /** How connections are made. */
  readonly transport: Connections
  readonly timeoutMs: number
  /** How often a request is sent again. */
  readonly retries: number
  /** Put right what a refusal tells, also where nothing is sent again: clock, token. */
  readonly corrects?: boolean
  /** File for the response body; `-` is standard output. */
  readonly output?: string
  /** Whether answers are shown, and so are kept. */
  readonly shows?: boolean
  /** Whether redirects are gone to. */
  readonly follow?: boolean
  /** Told before a wait for another attempt. */
  readonly onWait?: (text: string) => void
  /** Told how many bytes of a body have come, and how many there are where that is known. */
  readonly bar?: (total: number | undefined) => DownloadBar
  /** Folder for request and response. */
  readonly save?: string
}

/** A request that was sent, and its answer. */
export interface Exchange {
  readonly prepared: PreparedRequest
  readonly response: ResponseSnapshot
  readonly bytes: number
  readonly attempts: number
  /** With its tokens resolved. */
  readonly expectation?: Expectation
  readonly redirect?: Outcome['redirect']
  /** What a step made of a refusal. */
  readonly diagnosis?: Diagnosis
  /** The file that was to hold the answer, which is a refusal. */
  readonly unwritten?: string
}

/** A row that a request is sent for. */
export interface RowOfRequest {
  readonly number: number
  readonly data: Record<string, unknown>
}

/** An outcome, with the answer or the error that it was made of. */
export interface Attempted {
  readonly outcome: Outcome
  readonly exchange?: Exchange
  readonly error?: unknown
}

/** Sends the requests of a run, with one client for all. */
export class Executor {
  readonly #session: Session
  readonly #options: ExecuteOptions
  readonly #client: Client

  constructor(session: Session, options: ExecuteOptions) {
    this.#session = session
    this.#options = options
    this.#client = createClient({
      ...options.transport,
      timeoutMs: options.timeoutMs,
      retry: options.retries === 0 && !options.corrects ? false : { limit: options.retries },
      ...(options.follow && { redirect: 'follow' as const }),
      ...(options.onWait && { hooks: { beforeRetry: tellWait(options.onWait) } }),
    })
  }

  /** Prepares and sends one request; every failure becomes an outcome. */
  async run(request: LoadedRequest, row?: RowOfRequest): Promise<Outcome> {
    return (await this.attempt(request, row)).outcome
  }

  /** As `run`, with what the outcome was made of; `overrides` win. */
  async attempt(request: LoadedRequest, row?: RowOfRequest, overrides?: PrepareContext): Promise<Attempted> {
    const started = performance.now()
    const { name } = request.value
    const common = {
      label: request.label,
      ...(name !== undefined && { name }),
      ...(row && { row: row.number }),
    }
    try {
      const label = row ? `${request.label}-${row.number}` : request.label
      const exchange = await this.send(
        request,
        label,
        row && {
          data: markSecrets(row.data, new Set(request.value.secrets)),
          // Rows with the same key would be one for the server.
          uuid: this.#session.uuid(`${name ?? ''}\n${row.number}`),
          ...overrides,
        },
      )
      const { prepared, response, bytes, attempts } = exchange
      const milliseconds = performance.now() - started
      const unwanted = unmet(exchange.expectation, response, milliseconds)
      // A server that sends a secret back must not get it into a report.
      const problems =
        unwanted.length > 0
          ? [...masked(unwanted, prepared), ...refusalLines(exchange, this.#options.shows !== true)]
          : []
      const outcome: Outcome = {
        ...common,
        prepared,
        verdict: problems.length === 0 ? 'ok' : 'refused',
        status: response.status,
        milliseconds,
        bytes,
        ...(this.#options.shows && { response }),
        ...(exchange.redirect && { redirect: exchange.redirect }),
        ...(attempts > 1 && { attempts }),
        problems,
      }
      return { outcome, exchange }
    } catch (error) {
      const last = attemptsOf(error).at(-1)?.prepared
      const outcome: Outcome = {
        ...common,
        ...(last && { prepared: last }),
        ...failure(error),
        milliseconds: performance.now() - started,
      }
      return { outcome, error }
    }
  }

  /** Prepares and sends one request. @throws the codes of `prepare` and of the client */
  async send(request: LoadedRequest, label: string, overrides?: PrepareContext): Promise<Exchange> {
    const { output, save } = this.#options
    const ready = await this.#session.ready(request, overrides)
    // Before the send: what is missing there is wrong input.
    let expectation = await this.#session.expectation(request, ready)
    const values: { last?: AttemptValues } = {}
    const tokens = new Set(tokensIn(request.value.expect))
    const careful = tokens.size === 0 ? ready : withStep(ready, concealing({ secrets: [], tokens }))
    const ofAttempt = JSON.stringify(request.value.expect, bigintText)?.includes('{%') === true
    const watched = save !== undefined || ofAttempt ? observed(careful, values) : careful
    const response = await this.#answer(request, watched)
    const attempts = attemptsOf(response)
    const prepared = attempts.at(-1)?.prepared as PreparedRequest
    const keep =
      this.#options.shows === true ||
      save !== undefined ||
      request.value.expect !== undefined ||
      response.status >= 400
    // A file that is there stays when the answer is a refusal; standard output has nothing to lose.
    const isWritten = output === '-' || !unmetStatus(expectation, response.status)
    const target = isWritten ? output : undefined
    const { snapshot, length } = await receiveAnswer(response, target, keep, this.#options.bar)
    if (save !== undefined && values.last) await saveExchange(save, label, values.last, prepared, snapshot)
    if (ofAttempt && values.last)
      expectation = await this.#session.expectation(request, asAttempted(ready, values.last))
    const diagnosis = attempts.at(-1)?.diagnosis
    return {
      prepared,
      response: snapshot,
      bytes: length,
      attempts: attempts.length,
      ...redirectOf(response, snapshot, prepared),
      ...(expectation && { expectation }),
      ...(diagnosis && { diagnosis }),
      ...(output !== undefined && !isWritten && { unwritten: output }),
    }
  }

  async #answer(request: LoadedRequest, { template, context }: ReadyRequest): Promise<ClientResponse> {
    try {
      return await this.#client.send(template, context)
    } catch (error) {
      throw locatedError(error, request)
    }
  }
}

function masked(texts: readonly string[], prepared: PreparedRequest): string[] {
  const decoder = new TextDecoder()
  return texts.map((text) => {
    const body = new TextEncoder().encode(text)
    return decoder.decode(maskResponse({ status: 0, headers: [], body }, prepared).body)
  })
}

const longestExcerpt = 300

// What a step made of it, else the beginning of what the server says.
function refusalLines({ diagnosis, response, prepared, unwritten }: Exchange, quotes: boolean): string[] {
  const kept = unwritten === undefined ? [] : [`${unwritten} is not written, since the answer is a refusal.`]
  if (diagnosis) return [`${diagnosis.cause}: ${diagnosis.message}`, ...kept]
  // The body is shown below.
  if (!quotes) return kept
  const { data, encoding } = bodyData(maskResponse(response, prepared).body)
  if (encoding !== 'utf8' || data.trim() === '') return kept
  return [`answer: ${data.length > longestExcerpt ? `${data.slice(0, longestExcerpt)}…` : data}`, ...kept]
}

function failure(error: unknown): Pick<Outcome, 'verdict' | 'problems' | 'code' | 'wrongInput' | 'unsent'> {
  const message = error instanceof Error ? error.message : String(error)
  const hint = connectionHint(error)
  return {
    verdict: 'failed',
    problems: [hint === undefined ? message : `${message} ${hint}`],
    code: EzError.isInstance(error) ? error.code : 'EZ_INTERNAL',
    ...(exitCodeOf(error) === 2 && { wrongInput: true }),
    ...(nothingSent(error) && { unsent: true }),
  }
}

// Nothing was prepared, or no attempt had a connection.
const nothingSent = (error: unknown): boolean =>
  attemptsOf(error).every(({ status, error: failed }) => status === undefined && isUnsent(failed))
