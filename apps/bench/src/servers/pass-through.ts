// A proxy that signs nothing: what Node and undici take for passing a request on. Its parameter is the target's origin.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Agent, request } from 'undici'

const origin = process.argv[2] as string
const dispatcher = new Agent()
const server = createServer(async (message, response) => {
  const { 'transfer-encoding': _, host: __, connection: ___, ...headers } = message.headers
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const answer = await request(origin + (message.url as string), {
    method: 'POST',
    headers,
    body: Buffer.concat(chunks),
    dispatcher,
    responseHeaders: 'raw',
  })
  response.writeHead(answer.statusCode, answer.headers as unknown as string[])
  await pipeline(answer.body, response)
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  ),
)
