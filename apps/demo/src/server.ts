import { parseArgs } from 'node:util'
import { serveLoopback } from './loopback.ts'

const help = `Serves the demo's endpoints on 127.0.0.1, each verifying as its vendor would.

Usage: node src/server.ts [--port <number>]

Then, in another terminal:
  ez run apps/demo/requests/spapi-post.yaml --env loopback
`

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8787' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) process.stdout.write(help)
else {
  const loopback = await serveLoopback(Number(values.port), () => new Date())
  console.log(`Listening on ${loopback.url}. End with Ctrl+C.`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void loopback.close())
}
