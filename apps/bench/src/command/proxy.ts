import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { serverFile, startServer } from '../servers/start.ts'
import { ez, folder, type Running, runOn } from './program.ts'

const width = 16
const requests = 1600
const body = 'x'.repeat(300)

const signed = {
  use: '@ez/aws-sigv4',
  with: {
    service: 'execute-api',
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: '{{secret_key}}' },
  },
}

const rules = (host: string): object => ({
  rules: [{ name: 'orders', scheme: 'http', host, methods: ['POST'], paths: ['/**'], preRequest: [signed] }],
})

/** Sends so many requests through a proxy, and gives the processor time that one takes there, in nanoseconds. */
function through(proxy: Running, url: string, headers: Record<string, string>): () => Promise<number> {
  const dispatcher = new Agent()
  const round = async (): Promise<void> => {
    let started = 0
    const worker = async (): Promise<void> => {
      while (started < requests) {
        started += 1
        const answer = await request(url, { method: 'POST', headers, body, dispatcher })
        await answer.body.dump()
        if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}.`)
      }
    }
    await Promise.all(Array.from({ length: width }, worker))
  }
  return async () => {
    const before = await proxy.used()
    await round()
    const after = await proxy.used()
    return (after.processor - before.processor) / requests
  }
}

async function cases(): Promise<BenchCase[]> {
  const origin = await startServer()
  const { host } = new URL(origin)
  const file = join(folder(), 'proxy.json')
  writeFileSync(file, JSON.stringify(rules(host)))
  const key = 'secret_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  const signing = await runOn(ez, 'proxy', file, '--port', '0', '--json', '--var', key)
  const bare = await runOn(serverFile('pass-through'), origin)
  const { url, token, header } = JSON.parse(signing.line) as { url: string; token: string; header: string }
  const headers = { 'content-type': 'application/json' }
  return [
    {
      name: 'ez proxy, SigV4',
      time: through(signing, `${url}/${host}/orders`, { ...headers, [header]: token }),
    },
    {
      name: 'floor: undici, passing on',
      time: through(bare, `${(JSON.parse(bare.line) as { url: string }).url}/orders`, headers),
      floor: true,
      goal: 1.5,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'proxy: POST of 300 bytes, 16 at a time, processor time', cases, options: { rounds: 7 } },
]
