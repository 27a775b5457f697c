// A worker as a process of its own, that tests kill: node worker.ts <address> [milliseconds to block the event loop].
import { createClient } from '@ez/client'
import { createWorker, openQueue, sendWith } from '../../src/index.ts'

const [address = '', blockMs = '0'] = process.argv.slice(2)
const client = createClient({ retry: { limit: 0 } })
const queue = await openQueue(address)
const worker = await createWorker({
  queue,
  trust: { key: 'example-shared-key' },
  open: (job) => sendWith(client, JSON.parse(job.definition), { repeatable: job.repeatable }),
})
process.stdout.write('ready\n')
if (blockMs !== '0')
  setTimeout(() => {
    process.stdout.write('blocked\n')
    // Nothing runs meanwhile: no sign of life, no lock is renewed.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blockMs))
    process.stdout.write('awake\n')
  }, 1500)
process.once('SIGTERM', async () => {
  await worker.close(5000)
  await queue.close()
  process.exit(0)
})
