import { EzError } from '@ez/core'
import { effect, signal } from '@preact/signals'
import { parse } from 'yaml'
import { type Finding, find, held, readAnswer } from '../analysis/diagnosis.ts'
import { type Explanation, explain, subjectOf } from '../analysis/explain.ts'
import { type Judgement, judge } from '../analysis/stages.ts'
import { type Input, readInput } from '../read/read-input.ts'
import type { Options } from '../schemes/adapter.ts'
import * as state from './state.ts'

/** What the page makes of what was pasted. */
export interface Outcome {
  readonly input?: Input
  readonly explanation?: Explanation
  readonly finding?: Finding
  /** What the package's verifier says of a request that the page signed, or of one whose secret was given. */
  readonly judgement?: Judgement
  /** What the secret says of somebody else's request. */
  readonly secret?: Finding['secret']
  /** What is wrong, by the field that it belongs to. */
  readonly problems: Readonly<Partial<Record<'request' | 'answer' | 'credentials' | 'at', string>>>
}

const nothing: Outcome = { problems: {} }
export const outcome = signal<Outcome>(nothing)
export const isWorking = signal(false)

type Snapshot = ReturnType<typeof snapshot>

const snapshot = () => ({
  use: state.use.value,
  request: state.request.value,
  kind: state.kind.value,
  answer: state.answer.value,
  status: state.status.value,
  scheme: state.scheme.value,
  credentials: state.credentials.value,
  at: state.at.value,
  nonce: state.nonce.value,
})

let run = 0

/** Works the outcome out anew a moment after anything changes. */
export function watch(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const now = snapshot()
    clearTimeout(timer)
    run += 1
    const own = run
    isWorking.value = true
    timer = setTimeout(async () => {
      const found = await work(now)
      // Something was typed meanwhile.
      if (own !== run) return
      outcome.value = found
      isWorking.value = false
    }, 80)
  })
}

/** What is made of what stands in the fields. */
export async function work(given: Snapshot): Promise<Outcome> {
  if (given.request.trim() === '') return nothing
  const problems: Record<string, string> = {}
  const tell = (field: string) => (error: unknown) => {
    problems[field] = messageOf(error)
    return undefined
  }
  const credentials = await optionsOf(given.credentials).catch(tell('credentials'))
  const at = await instant(given.at).catch(tell('at'))
  const chosen = given.scheme === '' ? undefined : given.scheme
  const status = /^\d{3}$/.test(given.status) ? Number(given.status) : undefined
  try {
    const input = readInput(
      given.request,
      given.kind === 'auto' || given.kind === 'fields' ? undefined : given.kind,
    )
    const saved =
      given.use === 'diagnose' && given.answer.trim() !== ''
        ? await (async () => readAnswer(given.answer, chosen, status))().catch(tell('answer'))
        : undefined
    // What the answer tells of the request counts where nothing is pinned.
    const when = at ?? saved?.at
    const pinned = { ...(when && { at: when }), nonce: given.nonce || (saved?.nonce ?? '') }
    const subject = await subjectOf(input, pinned, chosen, credentials)
    const explanation = await explain(subject, credentials)
    const found = { input, explanation, problems }
    if (given.use === 'diagnose')
      return saved
        ? {
            ...found,
            finding: await find(
              subject,
              readAnswer(given.answer, chosen ?? subject.adapter?.id, status).response,
              credentials,
            ),
          }
        : found
    if (given.use === 'explain') return found
    const { adapter, options } = subject
    if (adapter && options)
      return { ...found, judgement: await judge(adapter, subject.prepared, options, pinned.at) }
    const secret = credentials && (await held(subject, credentials))
    const judgement = adapter && credentials && (await judge(adapter, subject.prepared, credentials))
    return { ...found, ...(secret && { secret }), ...(judgement && { judgement }) }
  } catch (error) {
    tell('request')(error)
    return { problems }
  }
}

async function optionsOf(text: string): Promise<Options | undefined> {
  if (text.trim() === '') return undefined
  const value: unknown = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Options
  throw new EzError('EZ_OPTION_INVALID', 'Write options as YAML: name: value, a line each.')
}

async function instant(text: string): Promise<Date | undefined> {
  if (text.trim() === '') return undefined
  const date = new Date(text.trim())
  if (Number.isNaN(date.getTime()))
    throw new EzError('EZ_TIME_INVALID', 'This is no instant. Write it as 2026-01-15T12:36:00Z.')
  return date
}

function messageOf(error: unknown): string {
  if (EzError.isInstance(error)) return `${error.message} [${error.code}]`
  return error instanceof Error ? error.message : String(error)
}
