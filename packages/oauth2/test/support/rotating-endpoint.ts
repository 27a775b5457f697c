import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A token endpoint on loopback that takes its time, replaces the refresh token each time, and takes none twice. */
export interface RotatingEndpoint {
  readonly url: string
  readonly refreshes: number
  /** Refresh tokens that came a second time. */
  readonly reused: number
}

export async function rotatingEndpoint(answerAfterMs = 300): Promise<RotatingEndpoint> {
  let refreshes = 0
  let reused = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () =>
      setTimeout(() => {
        const isSpent = new URLSearchParams(body).get('refresh_token') !== `refresh-${refreshes}`
        if (isSpent) reused += 1
        else refreshes += 1
        response.writeHead(isSpent ? 400 : 200, { 'content-type': 'application/json' })
        const token = {
          access_token: `access-of-${refreshes}`,
          token_type: 'bearer',
          expires_in: 3600,
          refresh_token: `refresh-${refreshes}`,
        }
        response.end(JSON.stringify(isSpent ? { error: 'invalid_grant' } : token))
      }, answerAfterMs),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    get refreshes() {
      return refreshes
    },
    get reused() {
      return reused
    },
  }
}
