import type { JobQueue, RowResult } from '@ez/queue'
import type { QueuePackage } from './load-queue.ts'
import { ResultsFile } from './results-file.ts'
import { jobLines } from './show-job.ts'

/** How results are collected. */
export interface CollectJobOptions {
  readonly out?: string
  readonly takeOver: boolean
  /** Wait for rows that have not ended. */
  readonly wait: boolean
  readonly signal: AbortSignal
  /** Told how far the job is, every two seconds while it is waited for. */
  readonly progress?: (text: string) => void
}

const everyMs = 2000

/** Collects the results of a job; whether every row was answered as it should be. */
export async function collectJob(
  { collectResults, describeJob }: QueuePackage,
  queue: JobQueue,
  job: string,
  { out, takeOver, wait, signal, progress }: CollectJobOptions,
): Promise<boolean> {
  const file = out === undefined ? undefined : await ResultsFile.open(out, job, takeOver)
  let good = true
  let before: { readonly at: number; readonly ended: number } | undefined
  const tell = async (): Promise<void> => {
    const status = await describeJob(queue, job)
    const now = { at: performance.now(), ended: status.rows - status.waiting }
    const rate = before && ((now.ended - before.ended) / (now.at - before.at)) * 1000
    before = now
    progress?.(jobLines(status, rate))
  }
  const timer =
    progress &&
    setInterval(() => {
      // The next time, should the store be away.
      tell().catch(() => {})
    }, everyMs)
  try {
    for await (const result of collectResults({ queue, job, wait, signal })) {
      file?.add(result)
      good &&= isGood(result)
    }
  } finally {
    clearInterval(timer)
    file?.close()
  }
  return good
}

const isGood = ({ end, result }: RowResult): boolean => end === 'answered' && result.verdict === 'ok'
