// A server in a process of its own, so that its time counts for nobody: reads each request, answers 200 after so many
// milliseconds as the first parameter says, and tells its port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const delayMs = Number(process.argv[2] ?? 0)
const server = createServer((request, response) => {
  const answer = (): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  }
  request.resume().on('end', () => {
    if (delayMs === 0) answer()
    else setTimeout(answer, delayMs)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', 4096, () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
