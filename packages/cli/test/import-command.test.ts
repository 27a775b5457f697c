import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

it('takes its own flags after a source', async () => {
  const cwd = folder({ 'a.http': 'GET https://a.example/' })
  const { code, stderr } = await ez(['import', 'http', 'a.http', '--out', 'a.yaml'], { cwd })
  expect([code, stderr]).toEqual([0, 'Wrote a.yaml: 1 request.\n'])
  const again = await ez(['import', 'curl', 'curl https://a.example/', '--out', 'a.yaml'], { cwd })
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('it is there already')])
  const wrong = await ez(['import', 'http', 'a.http', '--ouput', 'b.yaml'], { cwd })
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("unknown option '--ouput'")])
})

it('calls a source that nobody foresaw wrong input', async () => {
  const { code, stderr } = await ez(['import', 'postman', '-'], {
    input: '{"info":{},"item":[{"request":{"url":"x","header":[null]}}]}',
  })
  expect([code, stderr]).toEqual([2, expect.stringContaining('[EZ_IMPORT_INVALID]')])
})
