import { EzError } from '@ez/core'
import type { RunFlags } from '../commands/run-flags.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import { onInterrupt } from '../send/interrupt.ts'
import type { Session } from '../session.ts'
import { addJob } from './add-job.ts'
import { collectJob } from './collect-job.ts'
import { loadQueue, queueAddress } from './load-queue.ts'
import { jobLines } from './show-job.ts'

const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** `ez run --queue`: puts the rows on a queue, and collects their results. */
export async function runOnQueue(session: Session, request: LoadedRequest, flags: RunFlags): Promise<void> {
  const { data, out } = flags
  if (data === undefined) throw new EzError('EZ_USAGE', '--queue takes rows. Name their file with --data.')
  for (const flag of ['resume', 'fsync', 'output', 'save', 'reporter'] as const)
    if (flags[flag] !== undefined)
      throw new EzError('EZ_USAGE', `--${flag} does not go with --queue: the rows are sent by workers.`)
  const address = queueAddress(flags.queue)
  const found = await loadQueue()
  const queue = await found.openQueue(address)
  const interruption = onInterrupt(note)
  try {
    await queue.setUp()
    const job = await addJob(found, queue, session, request, {
      data,
      format: {
        ...(flags.delimiter !== undefined && { delimiter: flags.delimiter }),
        ...(flags.encoding !== undefined && { encoding: flags.encoding }),
        ...(flags.types && { types: flags.types }),
      },
      ...(flags.keep && { keep: flags.keep }),
      signal: interruption.stop,
      progress: (rows) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${rows} rows added`)
      },
    })
    const { id, rows, fingerprint, signature } = job
    if (flags.detach) {
      process.stdout.write(flags.json ? `${JSON.stringify({ job: id, rows, fingerprint })}\n` : `${id}\n`)
      return
    }
    note(
      `${rows} rows added as job ${id}. ${signature === '' ? `Workers that trust it: ez worker --trust ${fingerprint}` : 'Workers with the same EZ_JOB_KEY send them.'}`,
    )
    const good = await collectJob(found, queue, id, {
      ...(out !== undefined && { out }),
      takeOver: flags.takeOver === true,
      wait: true,
      signal: interruption.stop,
      progress: note,
    })
    const status = await found.describeJob(queue, id)
    process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : jobLines(status))
    process.exitCode = good ? 0 : 1
    if (!interruption.stop.aborted) return
    process.exitCode = 1
    note(
      `Interrupted: the job goes on. Collect its results with: ez jobs results ${id} --out ${out ?? 'results.ndjson'}`,
    )
  } finally {
    interruption.dispose()
    await queue.close()
  }
}
