// So many POSTs of 300 bytes to an origin, 10 at a time, by undici alone: what sending rows takes without preparing,
// signing or keeping a journal.
import { request } from 'undici'

const [origin, count] = [process.argv[2] as string, Number(process.argv[3])]
const body = 'x'.repeat(300)
let started = 0
const worker = async (): Promise<void> => {
  while (started < count) {
    started += 1
    const answer = await request(`${origin}/orders/${started}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await answer.body.dump()
  }
}
await Promise.all(Array.from({ length: 10 }, worker))
