import { type AliveLine, aliveLine } from '../output/alive.ts'
import type { AnswerView } from '../output/answer.ts'
import { downloadBar } from '../output/download-bar.ts'
import type { ExecuteOptions } from '../send/execute.ts'
import type { RunFlags } from './run-flags.ts'

/** What a run shows of its answers, and of what it waits for. */
export interface Showing {
  readonly view?: AnswerView
  readonly alive: AliveLine
  readonly options: Pick<ExecuteOptions, 'shows' | 'follow' | 'onWait' | 'bar'>
}

/** What the flags ask for: on a terminal the body of one answer, elsewhere one line each. */
export function showing(flags: RunFlags, requests: number): Showing {
  const { include = false, verbose = false, quiet = false, data, output } = flags
  const isForPeople = (flags.reporter ?? 'human') === 'human' && !flags.json && data === undefined && !quiet
  const isAsked = include || verbose
  const isOne = requests === 1 && output === undefined
  const body = isOne && (isAsked || process.stdout.isTTY === true)
  const isShown = isForPeople && (isAsked || body)
  const alive = aliveLine(isForPeople)
  return {
    ...(isShown && {
      view: { head: isAsked, request: verbose, body: body || (isAsked && output === undefined) },
    }),
    alive,
    options: {
      shows: isShown,
      follow: flags.follow === true,
      onWait: (text) => alive.say(text),
      bar: (total) => downloadBar(isForPeople, total),
    },
  }
}
