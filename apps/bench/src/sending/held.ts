import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { awsSigV4 } from '@ez/aws-sigv4'
import { createClient } from '@ez/client'
import { credentials } from '../aws-sigv4-requests.ts'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { startServer } from '../servers/start.ts'

const sends = 1000
const delayMs = 200

/** Bytes that a send holds while it waits for its answer. */
async function cases(): Promise<BenchCase[]> {
  const origin = await startServer(delayMs)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const client = createClient({
    preRequest: [awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })],
  })
  const held = (): number => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const all = (): Promise<unknown>[] =>
    Array.from({ length: sends }, async (_, index) =>
      (
        await client.send({ method: 'POST', url: `${origin}/${index}`, body: { text: 'x'.repeat(300) } })
      ).text(),
    )
  return [
    {
      name: 'client.send, SigV4: bytes held by each of 1,000 sends that wait',
      time: async () => {
        const before = held()
        const pending = all()
        // Long enough for all to be on their way, and too short for the first answer.
        await new Promise((resolve) => setTimeout(resolve, delayMs / 2))
        const bytes = (held() - before) / sends
        await Promise.all(pending)
        return bytes
      },
      most: 25 * 1024,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'client: memory of sends that wait', cases, options: { rounds: 3, unit: 'bytes' } },
]
