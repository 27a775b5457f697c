/** One thing that is measured. */
export interface BenchCase {
  readonly name: string
  /** Runs the work once; `index` counts up, to choose another input at every call. May return a promise. */
  readonly run?: (index: number) => unknown
  /** In place of `run`, for work whose preparation must not count: runs it once, and returns its nanoseconds. */
  readonly time?: () => Promise<number>
  /** The crypto alone, or another lower bound; put it last. */
  readonly floor?: true
  /**
   * For a peer: how many times its time the first case's time should fit in, at least.
   * For the floor: how many times the floor the first case may take, at most.
   */
  readonly goal?: number
  /** The most that the median may be, in the unit of its table. */
  readonly most?: number
}

/** What was measured of a case. */
export interface BenchRow {
  readonly name: string
  /** Median nanoseconds for each run. */
  readonly median: number
  /** From the tenth to the ninetieth percentile, as a share of the median. */
  readonly spread: number
  /** This case's median divided by the first case's. */
  readonly ratio: number
  readonly floor: boolean
  readonly goal?: number
  readonly most?: number
  readonly reached?: boolean
}

export interface CompareOptions {
  /** How many times all cases take turns (default 15). */
  readonly rounds?: number
  /** Milliseconds of one turn of a case (default 30). */
  readonly turn?: number
  /**
   * What counts: the time that passes (default), or the time that this process has the processor, for cases that wait
   * for nothing. The second is the same on a busy machine.
   */
  readonly clock?: 'wall' | 'processor'
  /**
   * Takes the median over all runs, not over the means of the turns: for work that crosses to another thread or
   * process, where one run that the machine held up would weigh on its whole turn.
   */
  readonly each?: true
  /** Measures without a run beforehand: for programs that start anew each time. */
  readonly cold?: true
  /** What `time` gives (default nanoseconds). */
  readonly unit?: 'nanoseconds' | 'bytes'
}

const nanosecondsPerMillisecond = 1e6
const warmUpTurns = 20

const clocks = {
  wall: () => Number(process.hrtime.bigint()),
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) * 1000
  },
} as const

/**
 * Measures cases side by side: they take turns in rotating order, so that noise of the machine meets all of them.
 *
 * The first case is ours; medians over the turns are compared with it.
 */
export async function compare(
  title: string,
  cases: readonly BenchCase[],
  options: CompareOptions = {},
): Promise<{ readonly title: string; readonly rows: BenchRow[] }> {
  const { rounds = 15, turn = 30, clock = 'wall', each = false, cold = false } = options
  const measured: Measured[] = []
  for (const one of cases)
    measured.push(await prepare(one, turn * nanosecondsPerMillisecond, clocks[clock], cold))
  for (let round = 0; round < rounds; round += 1)
    for (let offset = 0; offset < measured.length; offset += 1) {
      const one = measured[(round + offset) % measured.length]
      if (!one) continue
      if (each) for (let count = 0; count < one.size; count += 1) one.samples.push(await one.batch(1))
      else one.samples.push((await one.batch(one.size)) / one.size)
    }
  const medians = measured.map(({ samples }) => quantile(samples, 0.5))
  const ours = medians[0] ?? Number.NaN
  const rows = cases.map(({ name, floor, goal, most }, index): BenchRow => {
    const samples = measured[index]?.samples ?? []
    const median = medians[index] ?? Number.NaN
    const ratio = median / ours
    return {
      name,
      median,
      spread: (quantile(samples, 0.9) - quantile(samples, 0.1)) / median,
      ratio,
      floor: floor === true,
      ...(goal === undefined ? {} : { goal, reached: floor ? 1 / ratio <= goal : ratio >= goal }),
      ...(most === undefined ? {} : { most, reached: median <= most }),
    }
  })
  return { title, rows }
}

interface Measured {
  readonly size: number
  readonly batch: (size: number) => Promise<number>
  readonly samples: number[]
}

async function prepare(
  { run, time, name }: BenchCase,
  turn: number,
  now: () => number,
  cold: boolean,
): Promise<Measured> {
  if (time) {
    if (!cold) await time()
    return { size: 1, batch: time, samples: [] }
  }
  if (!run) throw new Error(`The case "${name}" has nothing to run.`)
  let index = 0
  const isAsynchronous = run(index++) instanceof Promise
  const batch = async (size: number): Promise<number> => {
    const start = now()
    if (isAsynchronous) for (let count = 0; count < size; count += 1) await run(index++)
    else for (let count = 0; count < size; count += 1) run(index++)
    return now() - start
  }
  // Grows until a batch fills a turn.
  let size = 1
  let taken = await batch(size)
  while (taken < turn / 2 && size < 1e7) {
    size = Math.ceil(size * Math.min(10, Math.max(2, turn / Math.max(taken, 1))))
    taken = await batch(size)
  }
  size = Math.max(1, Math.round((size * turn) / taken))
  // Long enough for the compiler to be done with what is measured.
  for (let count = 0; count < warmUpTurns; count += 1) await batch(size)
  return { size, batch, samples: [] }
}

function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
