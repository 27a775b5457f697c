import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { EzError } from '@ez/core'

/**
 * Takes a file of results for this process: two runs on the same rows would send each of them twice.
 *
 * @throws EZ_USAGE while another run on this machine has it
 */
export function lockResults(results: string): () => void {
  const file = `${results}.lock`
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    const owner = Number(readFileSync(file, 'utf8'))
    if (isRunning(owner))
      throw new EzError(
        'EZ_USAGE',
        `--out ${results}: another run (process ${owner}) is writing it. Wait for its end, or name another file.`,
      )
    // Left behind by a run that was killed.
    writeFileSync(file, String(process.pid))
  }
  return () => rmSync(file, { force: true })
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
