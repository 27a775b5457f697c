import { lock } from 'proper-lockfile'
import type { Release } from './token-store.ts'

// A holder touches its lock this often; one that has not for `staleMs` was killed or stopped.
const updateMs = 2000
const staleMs = 10_000

/** Takes the lock of a file, which need not exist; `undefined` when another holder has it. */
export async function takeLock(file: string): Promise<Release | undefined> {
  let isLost = false
  let seenAt = performance.now()
  let release: () => Promise<void>
  try {
    release = await lock(file, {
      realpath: false,
      stale: staleMs,
      update: updateMs,
      onCompromised: () => {
        isLost = true
      },
    })
  } catch (error) {
    if ((error as { code?: string }).code === 'ELOCKED') return undefined
    throw error
  }
  // A process that was stopped finds out by its own clock, before any timer has run.
  const beat = setInterval(() => {
    seenAt = performance.now()
  }, updateMs / 2)
  beat.unref()
  return Object.assign(
    async () => {
      clearInterval(beat)
      if (!isLost) await release()
    },
    { isHeld: () => !isLost && performance.now() - seenAt < staleMs / 2 },
  )
}
