import { readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { secretKey } from './support/files.ts'

const page = '<body><script type="application/json" id="case">null</script></body>'
const installed = {
  'node_modules/@ez/inspector/package.json':
    '{"name":"@ez/inspector","exports":{"./index.html":"./index.html"}}',
  'node_modules/@ez/inspector/index.html': page,
}
const request = `method: GET
url: https://bucket.s3.eu-west-1.amazonaws.com/a
preRequest:
  - use: '@ez/aws-sigv4'
    with: { service: s3, region: eu-west-1, credentials: { accessKeyId: AKIDEXAMPLE, secretAccessKey: '{{secret_key}}' } }
`
const answer = '<Error><Code>SignatureDoesNotMatch</Code></Error>'
const flags = [
  '--response',
  'body.xml',
  '--var',
  `secret_key=${secretKey}`,
  '--at',
  '2026-01-15T12:36:00Z',
  '--no-open',
]

it('fills the page with request and answer where nobody else reads it, without what signs', async () => {
  const cwd = folder({ ...installed, 'in.yaml': request, 'body.xml': `${answer}</script>` })
  const { code, stdout, stderr } = await ez(['inspect', 'in.yaml', ...flags, '--allow', 'packages'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  const file = stdout.trim()
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  const html = readFileSync(file, 'utf8')
  // The answer cannot end the script that holds it.
  expect(html.match(/<\/script>/g)).toHaveLength(1)
  const [, data = ''] = /id="case">(.*)<\/script>/s.exec(html) ?? []
  const given = JSON.parse(data) as { request: string; answer: string }
  expect(given.request).toContain('Credential=AKIDEXAMPLE/20260115/eu-west-1/s3/aws4_request')
  expect(given.request).toContain(`Signature=${'0'.repeat(64)}`)
  expect(given.answer).toContain(answer)
  expect(html).not.toContain(secretKey)
})

it('says what to install where the page is not', async () => {
  const cwd = folder({ 'in.yaml': request, 'body.xml': answer })
  const { code, stderr } = await ez(['inspect', 'in.yaml', ...flags], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining('@ez/inspector')])
})
