import type { JobQueue } from '../contract/job-queue.ts'
import type { Lane, LimitKey } from '../contract/storage.ts'
import { endCancelled } from '../jobs/end-cancelled.ts'
import { queueName } from '../jobs/keys.ts'
import { isLimited, setPace } from './pace.ts'

/** Rows of an account that stand in its queue at the most. */
const mostAhead = 10_000
/** Rows that go through the queue together, where nothing has to be counted. */
const together = 25

/**
 * Gives waiting rows to the queues of their accounts, as far as there is room; called by one worker at a time.
 *
 * Rows are added before that is noted: after a crash in between they are added again, which changes nothing.
 */
export async function feed(queue: JobQueue): Promise<void> {
  const [lanes, keys] = await Promise.all([queue.storage.rows.openLanes(), queue.storage.jobs.keys()])
  const byKey = Map.groupBy(lanes, ({ key }) => key)
  await Promise.all(
    [...byKey].map(([key, open]) =>
      feedKey(
        queue,
        key,
        open,
        keys.find((one) => one.key === key),
      ),
    ),
  )
  await queue.storage.rows.endJobs()
}

async function feedKey(
  queue: JobQueue,
  key: string,
  lanes: readonly Lane[],
  limit: LimitKey | undefined,
): Promise<void> {
  const target = queue.engine.queue(queueName(key))
  await setPace(target, limit)
  for (const { state, job } of lanes) if (state === 'cancelled') await endCancelled(queue.storage, job, key)
  const running = lanes.filter(({ state }) => state === 'running')
  if (running.length === 0) return
  const width = isLimited(limit) ? 1 : together
  const counts = await target.getJobCounts('wait', 'active', 'delayed', 'prioritized')
  const ahead = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const room = Math.floor((mostAhead - ahead * width) / running.length)
  if (room < width) return
  for (const lane of running) {
    // The queue is empty, and rows that it was given have not ended: it was lost.
    const lost = ahead === 0 && lane.fed > lane.ended
    await feedLane(queue, lost ? { ...lane, fed: 0 } : lane, room, width)
  }
}

async function feedLane(
  { storage, engine }: JobQueue,
  lane: Lane,
  room: number,
  width: number,
): Promise<void> {
  const { job, key } = lane
  const { rows, position } = await storage.rows.laneRows(job, key, lane.fed, room)
  const parts: number[][] = []
  for (let at = 0; at < rows.length; at += width) parts.push(rows.slice(at, at + width))
  for (let at = 0; at < parts.length; at += 500)
    await engine.queue(queueName(key)).addBulk(
      parts.slice(at, at + 500).map((part) => ({
        name: 'rows',
        data: { job, rows: part },
        opts: { jobId: `${job}-${part[0]}` },
      })),
    )
  if (position !== lane.fed || rows.length > 0) await storage.rows.fed(job, key, position)
}
