// Prints what a script sees of dates, where this process has a time zone of its own.
import { prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'

const source = `const at = new Date()
console.log([String(at).slice(0, 33), at.getTimezoneOffset(), at.getHours(), new Date(2026, 6, 2, 5, 6).toISOString(),
  new Date('2026-07-02').toISOString(), Date.now()])`
const { trace } = await prepare(
  { method: 'GET', url: 'https://a.example/', preRequest: [javascriptScript({ source, timeoutMs: 30_000 })] },
  { clock: () => new Date('2026-07-02T22:30:00Z') },
)
console.log(trace.find(({ id }) => id === 'log').value)
