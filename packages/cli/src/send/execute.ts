import {
  attemptsOf,
  type Client,
  type ClientResponse,
  checkCaptures,
  createClient,
  type RateLimit,
} from '@ez/client'
import type { PrepareContext, PreparedRequest } from '@ez/core'
import { atPlace, locatedError } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import type { DownloadBar } from '../output/download-bar.ts'
import { bigintText, tokensIn } from '../providers/options.ts'
import { concealing } from '../providers/steps.ts'
import type { ReadyRequest, Session } from '../session.ts'
import { markSecrets } from '../variables/mark.ts'
import type { Attempted, Exchange, RowOfRequest } from './exchange.ts'
import { unmet, unmetStatus } from './expect.ts'
import { keepAnswer, maskedText } from './kept.ts'
import { type AttemptValues, asAttempted, observed, withStep } from './observe.ts'
import type { Outcome } from './outcome.ts'
import { failure, refusalLines } from './problems.ts'
import { receiveAnswer } from './receive.ts'
import { redirectOf } from './redirect.ts'
import { saveExchange } from './saved.ts'
import { failedTests, testsOf } from './tests.ts'
import type { Connections } from './transport.ts'
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
  /** Limits that requests keep together. */
  readonly rateLimit?: readonly RateLimit[]
  /** Keep the answer's body in outcomes. */
  readonly keepsBody?: boolean
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

/** Sends the requests of a run, with one client for all. */
export class Executor {
  readonly #session: Session
  readonly #options: ExecuteOptions
  readonly #client: Client
  // Errors of requests that were answered: what could not be kept was sent all the same.
  readonly #answered = new WeakSet<object>()

  constructor(session: Session, options: ExecuteOptions) {
    this.#session = session
    this.#options = options
    this.#client = createClient({
      ...options.transport,
      timeoutMs: options.timeoutMs,
      ...(options.rateLimit && { rateLimit: options.rateLimit }),
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
        row,
      )
      const { prepared, response, bytes, attempts } = exchange
      const milliseconds = performance.now() - started
      const unwanted = [
        ...unmet(exchange.expectation, response, milliseconds),
        ...failedTests(exchange.tests),
      ]
      // A server that sends a secret back must not get it into a report.
      const refusals =
        unwanted.length > 0
          ? [
              ...unwanted.map((text) => maskedText(text, prepared)),
              ...refusalLines(exchange, this.#options.shows !== true),
            ]
          : []
      const { missing, ...kept } = await keepAnswer(request, exchange, {
        captures: unwanted.length === 0,
        body: this.#options.keepsBody === true,
      })
      const problems = missing ? [missing.message] : refusals
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
        ...(exchange.tests && { tests: exchange.tests }),
        problems,
        ...(missing && { code: missing.code }),
        ...kept,
      }
      return { outcome, exchange }
    } catch (error) {
      const last = attemptsOf(error).at(-1)?.prepared
      const outcome: Outcome = {
        ...common,
        ...(last && { prepared: last }),
        ...failure(error, typeof error === 'object' && error !== null && this.#answered.has(error)),
        milliseconds: performance.now() - started,
      }
      return { outcome, error }
    }
  }

  /** Prepares and sends one request. @throws the codes of `prepare` and of the client */
  async send(
    request: LoadedRequest,
    label: string,
    overrides?: PrepareContext,
    row?: RowOfRequest,
  ): Promise<Exchange> {
    const { save } = this.#options
    const { capture } = request.value
    if (capture) await checkCapture(request, capture)
    const ready = await this.#session.ready(request, overrides)
    // Before the send: what is missing there is wrong input.
    let expectation = await this.#session.expectation(request, ready)
    const values: { last?: AttemptValues } = {}
    const tokens = new Set(tokensIn(request.value.expect))
    const careful = tokens.size === 0 ? ready : withStep(ready, concealing({ secrets: [], tokens }))
    const ofAttempt = JSON.stringify(request.value.expect, bigintText)?.includes('{%') === true
    const watched = save !== undefined || ofAttempt ? observed(careful, values) : careful
    const open = await row?.outputs?.choose(request, ready.context)
    const began = performance.now()
    const response = await this.#answer(request, watched)
    try {
      const attempts = attemptsOf(response)
      const prepared = attempts.at(-1)?.prepared as PreparedRequest
      if (ofAttempt && values.last)
        expectation = await this.#session.expectation(request, asAttempted(ready, values.last))
      const output = open ?? this.#options.output
      // A file that is there stays when the answer is a refusal; standard output has nothing to lose.
      const isWritten = output === '-' || !unmetStatus(expectation, response.status)
      const received = await receiveAnswer(response, {
        ...(output !== undefined && isWritten && { target: output }),
        keep: ready.postman?.hasTests === true || this.#keeps(request, response.status),
        accepts: (answer) => unmet(expectation, answer, performance.now() - began).length === 0,
        ...(this.#options.bar && { barOf: this.#options.bar }),
      })
      const { snapshot, length, isDropped } = received
      if (save !== undefined && values.last) await saveExchange(save, label, values.last, prepared, snapshot)
      const diagnosis = attempts.at(-1)?.diagnosis
      const tests = await testsOf(ready, {
        prepared,
        response: snapshot,
        milliseconds: performance.now() - began,
      })
      return {
        prepared,
        response: snapshot,
        bytes: length,
        attempts: attempts.length,
        ...redirectOf(response, snapshot, prepared),
        ...(expectation && { expectation }),
        ...(diagnosis && { diagnosis }),
        ...(tests && { tests }),
        ...(output !== undefined && (!isWritten || isDropped) && { unwritten: nameOf(output) }),
      }
    } catch (error) {
      if (typeof error === 'object' && error !== null) this.#answered.add(error)
      throw error
    }
  }

  // Whether the body is looked at once it has come.
  #keeps({ value: { expect, capture } }: LoadedRequest, status: number): boolean {
    const { shows, save, keepsBody } = this.#options
    return (
      shows === true ||
      save !== undefined ||
      keepsBody === true ||
      expect !== undefined ||
      capture !== undefined ||
      status >= 400
    )
  }

  async #answer(
    request: LoadedRequest,
    { template, context, postman }: ReadyRequest,
  ): Promise<ClientResponse> {
    try {
      return await this.#client.send(template, {
        ...context,
        ...(postman && { templateScripts: [postman.script] }),
      })
    } catch (error) {
      throw locatedError(error, request)
    }
  }
}

// Before anything is sent.
function checkCapture(
  request: LoadedRequest,
  capture: NonNullable<LoadedRequest['value']['capture']>,
): Promise<void> {
  const { source, path } = layerOf(request, 'capture')
  return atPlace({ source, path: [...path, 'capture'] }, () => checkCaptures(request.label, capture))
}

const nameOf = (output: string | object): string => (typeof output === 'string' ? output : 'its file')
