// In a process of its own, so that nothing else moves its memory.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = `
import { awsSigV4 } from '@ez/aws-sigv4'
const length = 2 ** 30
const piece = new Uint8Array(65536).fill(97)
let left = length
const body = new ReadableStream({
  pull(controller) {
    if (left === 0) return controller.close()
    controller.enqueue(piece)
    left -= piece.length
  },
}, { highWaterMark: 0 })
const signer = awsSigV4({
  service: 's3',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  payload: 'chunks-trailer',
})
const request = { method: 'PUT', url: 'https://bucket.s3.amazonaws.com/key', headers: [], body, bodyLength: length }
const before = process.memoryUsage.rss()
const { patch } = signer.sign(request, { now: () => new Date(), nonce: () => '' })
let sent = 0
let parts = 0
let largest = before
for await (const part of patch.body) {
  sent += part.length
  if (++parts % 256 === 0) largest = Math.max(largest, process.memoryUsage.rss())
}
console.log(JSON.stringify({ complete: sent === patch.bodyLength, added: largest - before }))
`

it('sends 1 GiB through a stream in constant memory', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  })
  const { complete, added } = JSON.parse(output) as { complete: boolean; added: number }
  console.log(`aws-sigv4 1 GiB in chunks: ${(added / 2 ** 20).toFixed(1)} MiB of memory added`)
  expect(complete).toBe(true)
  expect(added).toBeLessThan(64 * 2 ** 20)
})
