import type { ServerResponse } from 'node:http'
import { awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type RequestTemplate } from '@ez/core'
import { oauth1 } from '@ez/netsuite-oauth1/oauth1'
import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { Agent } from 'undici'
import { expect, test, vi } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { answer, type Received, startServer } from './support/server.ts'
import { fetchThrough } from './support/undici.ts'

// AWS's published example credentials, and those of RFC 5849's photo printer.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const consumer = {
  consumerKey: 'dpf43f3p2l4k3l03',
  consumerSecret: 'kd94hf93k423kf44',
  token: 'nnch734d00sl2jdk',
  tokenSecret: 'pfkkdhi9sl3r4s00',
}
const requests = 800
const wrongByMs = 20 * 60_000

type Fault = 'none' | 'drop' | 'reset' | 'throttle' | 'unavailable' | 'slow' | 'stall' | 'half' | 'half-chunk'
const faults: readonly Fault[] = ['drop', 'reset', 'throttle', 'unavailable', 'slow', 'half', 'half-chunk']

/** The same sequence at every run (xorshift32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

function misbehave(fault: Fault, response: ServerResponse, headers: Record<string, string>): void {
  const { socket } = response
  switch (fault) {
    case 'drop':
      socket?.destroy()
      return
    case 'reset':
      socket?.resetAndDestroy()
      return
    case 'throttle':
      answer(response, 429, 'slow down', { ...headers, 'retry-after': '0' })
      return
    case 'unavailable':
      answer(response, 503, 'later', headers)
      return
    case 'slow':
      response.writeHead(200, headers)
      response.write('sl')
      setTimeout(() => response.end('ow'), 5)
      return
    case 'stall':
      response.writeHead(200, headers)
      response.write('never')
      return
    case 'half':
      response.writeHead(200, { ...headers, 'content-length': '1000' })
      response.write('half')
      setImmediate(() => socket?.destroy())
      return
    case 'half-chunk':
      response.writeHead(200, headers)
      response.write('half')
      setImmediate(() => socket?.destroy())
      return
    case 'none':
      answer(response, 200, 'ok', headers)
  }
}

test(`${requests} requests to a flaky server end in a response or a coded error`, {
  timeout: 120_000,
}, async () => {
  const random = randomFrom(20_260_101)
  const refusedSignatures: string[] = []
  const nonces = new Map<string, number>()
  let verified = 0

  const verify = async (received: Received, host: string, serverNow: Date): Promise<void> => {
    const request = new Request(`http://${host}${received.path}`, {
      method: received.method,
      headers: received.headers,
      ...(received.body === '' ? {} : { body: received.body }),
    })
    if (received.headers.authorization?.startsWith('OAuth'))
      await verifyOAuth1(request, {
        now: serverNow,
        secretFor: () => consumer,
        nonceSeen: ({ nonce }) => {
          nonces.set(nonce, (nonces.get(nonce) ?? 0) + 1)
          return (nonces.get(nonce) as number) > 1
        },
      })
    else
      await verifyAwsSigV4(request, {
        now: serverNow,
        maxSkewSeconds: 300,
        secretFor: () => credentials.secretAccessKey,
      })
    verified += 1
  }

  const start = (offsetMs: number, stalls: number): ReturnType<typeof startServer> => {
    let stalled = 0
    return startServer(async (received, response) => {
      const serverNow = new Date(Date.now() + offsetMs)
      const headers = { date: serverNow.toUTCString(), 'content-type': 'text/plain' }
      try {
        await verify(received, received.headers.host as string, serverNow)
      } catch (error) {
        const code = EzError.isInstance(error) ? error.code : String(error)
        if (code !== 'EZ_CLOCK_SKEW') refusedSignatures.push(code)
        answer(response, 403, code, headers)
        return
      }
      const roll = random()
      const fault = roll < 0.3 ? (faults[Math.floor((roll / 0.3) * faults.length)] as Fault) : 'none'
      if (fault === 'half' && stalled < stalls) {
        stalled += 1
        misbehave('stall', response, headers)
      } else misbehave(fault, response, headers)
    })
  }
  const right = await start(0, 5)
  const wrong = await start(wrongByMs, 5)

  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)

  const agent = new Agent({ connections: 32 })
  const client = createClient({
    fetch: fetchThrough(agent),
    // Only what stalls may come to it, however busy the machine is.
    timeoutMs: 5000,
    retry: { limit: 3, baseDelayMs: 1, budget: false },
  })
  const sigv4 = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
  const oauth = oauth1({ ...consumer, signatureMethod: 'HMAC-SHA256' })
  const templateOf = (index: number): RequestTemplate => ({
    method: index % 5 === 4 ? 'POST' : index % 5 === 3 ? 'PUT' : 'GET',
    url: `${index % 2 === 0 ? right.url : wrong.url}/orders/${index}`,
    query: { limit: 10, page: index },
    ...(index % 5 >= 3 ? { body: { json: { index } } } : {}),
    preRequest: [index % 3 === 0 ? oauth : sigv4],
  })

  const endings = new Map<string, number>()
  const signatures: string[] = []
  let attempts = 0
  let next = 0
  const work = async (): Promise<void> => {
    while (next < requests) {
      const index = next++
      const result = await client.send(templateOf(index)).then(
        async (response) => ({ response, text: await response.text() }),
        (error: unknown) => ({ error }),
      )
      const failed = 'error' in result
      const ending = failed
        ? EzError.isInstance(result.error)
          ? result.error.code
          : 'UNCODED'
        : String(result.response.status)
      endings.set(ending, (endings.get(ending) ?? 0) + 1)
      if (!failed && result.response.status === 200) expect(['ok', 'slow']).toContain(result.text)
      const made = attemptsOf(failed ? result.error : result.response)
      expect(made.length).toBeGreaterThan(0)
      attempts += made.length
      const own = made.map(({ prepared }) => prepared.headers.find(([name]) => name === 'authorization')?.[1])
      expect(new Set(made.map(({ prepared }) => prepared)).size).toBe(made.length)
      if (index % 3 === 0) signatures.push(...(own as string[]))
    }
  }
  await Promise.all(Array.from({ length: 24 }, work))
  // Ends only when every body was read or given up.
  await agent.close()
  await vi.waitFor(() => expect(right.sockets.size + wrong.sockets.size).toBe(0), 30_000)
  process.off('unhandledRejection', note)

  const received = right.received.length + wrong.received.length
  console.log(
    `flaky server: ${requests} requests, ${attempts} attempts, ${received} received, ${verified} verified; ` +
      [...endings].map(([ending, count]) => `${ending} ${count}`).join(', '),
  )
  expect(endings.has('UNCODED')).toBe(false)
  expect([...endings.values()].reduce((sum, count) => sum + count)).toBe(requests)
  expect(endings.get('200')).toBeGreaterThan(requests * 0.9)
  expect(endings.get('403') ?? 0).toBe(0)
  expect(refusedSignatures).toEqual([])
  expect(new Set(signatures).size).toBe(signatures.length)
  expect([...nonces.values()].every((uses) => uses === 1)).toBe(true)
  expect(unhandled).toEqual([])
})
