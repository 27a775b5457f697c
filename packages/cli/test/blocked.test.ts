import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

let received = 0
const server = createServer((_request, response) => {
  received += 1
  response.end()
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

const blocked = (): string => `method: GET
url: http://127.0.0.1:${(server.address() as AddressInfo).port}/{{unknown}}
preRequest:
  - blocked: 'Hawk authorization has no counterpart.'
`

describe('a blocked request', () => {
  for (const command of ['lint', 'sign', 'explain', 'run'])
    it(`is refused by ez ${command}, and nothing is sent`, async () => {
      const cwd = folder({ 'in.yaml': blocked() })
      const { code, stdout, stderr } = await ez([command, 'in.yaml'], { cwd })
      expect(stdout + stderr).toContain('EZ_STEP_BLOCKED')
      expect(stdout + stderr).toContain('in.yaml:4:14: this request is blocked: Hawk authorization')
      expect(code).toBe(2)
      expect(received).toBe(0)
    })

  it('cannot be unblocked by other keys of the same entry', async () => {
    const cwd = folder({ 'in.yaml': `${blocked()}    use: '@ez/aws-sigv4'\n` })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect(stderr).toContain('"blocked" stands alone')
    expect(code).toBe(2)
  })

  it('needs a reason', async () => {
    const cwd = folder({ 'in.yaml': blocked().replace(/'Hawk.*'/, "''") })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect(stderr).toContain('EZ_FILE_INVALID')
    expect(code).toBe(2)
  })
})
