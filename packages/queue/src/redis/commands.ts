import type { Redis } from 'ioredis'
import { addRows, begin, endJobs, finish, laneRows, moveJob, release } from './scripts.ts'

type Script = (...values: (string | number)[]) => Promise<unknown>

/** Our scripts, each one atomic step in Redis. */
export interface Commands {
  readonly addRows: Script
  readonly moveJob: Script
  readonly laneRows: Script
  readonly begin: Script
  readonly finish: Script
  readonly endJobs: Script
  readonly release: Script
}

/** The scripts on a connection; sent once, and called by their digests. */
export function commandsOn(redis: Redis): Commands {
  const command = (name: string, lua: string): Script => {
    redis.defineCommand(name, { numberOfKeys: 0, lua })
    const call = (redis as unknown as Record<string, Script>)[name] as Script
    return (...values) => call.apply(redis, values)
  }
  return {
    addRows: command('ezAddRows', addRows),
    moveJob: command('ezMoveJob', moveJob),
    laneRows: command('ezLaneRows', laneRows),
    begin: command('ezBegin', begin),
    finish: command('ezFinish', finish),
    endJobs: command('ezEndJobs', endJobs),
    release: command('ezRelease', release),
  }
}
