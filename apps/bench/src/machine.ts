import { hash } from 'node:crypto'
import { arch, availableParallelism, platform, totalmem } from 'node:os'

/** What was measured on, in general words, with a yardstick for its speed. */
export interface Machine {
  readonly node: string
  readonly cores: number
  readonly architecture: string
  readonly system: string
  /** GiB, rounded. */
  readonly memory: number
  /** Nanoseconds of one SHA-256 of 300 bytes, at best: figures of two machines compare by it. */
  readonly hashOf300Bytes: number
}

export function machine(): Machine {
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    architecture: arch(),
    system: platform(),
    memory: Math.round(totalmem() / 2 ** 30),
    hashOf300Bytes: hashTime(),
  }
}

/** One line of it. */
export function machineLine({ node, cores, architecture, system, memory, hashOf300Bytes }: Machine): string {
  return `Node ${node}, ${cores} cores, ${architecture}, ${system}, ${memory} GiB; SHA-256 of 300 bytes: ${hashOf300Bytes} ns at best`
}

function hashTime(): number {
  const text = 'x'.repeat(300)
  const turn = 2000
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 50; round += 1) {
    const start = process.hrtime.bigint()
    for (let count = 0; count < turn; count += 1) hash('sha256', text, 'hex')
    best = Math.min(best, Number(process.hrtime.bigint() - start) / turn)
  }
  return Math.round(best)
}
