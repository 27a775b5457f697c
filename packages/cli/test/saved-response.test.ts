import { readSavedResponse } from '@ez/request-file/response'
import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

// NetSuite, "Error Message Response Structure": the body of an error has a status of its own.
const netsuite = JSON.stringify({
  type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2',
  title: 'Unauthorized',
  status: 401,
  'o:errorDetails': [{ detail: 'Invalid login attempt.', 'o:errorCode': 'INVALID_LOGIN' }],
})

it.each([undefined, 401])('reads a JSON body with a status of its own as a body (--status %s)', (status) => {
  const { response } = readSavedResponse(netsuite, status === undefined ? {} : { status })
  expect(response.status).toBe(401)
  expect(new TextDecoder().decode(response.body)).toBe(netsuite)
})

it.each([
  ['{"at":"nonsense","status":403,"body":"x"}', '"at" is no instant'],
  ['{"status":403,"headers":[[1]],"body":"x"}', '"headers"'],
  ['{"status":403,"headers":[5]}', '"headers"'],
  ['{"status":403,"body":{"data":5}}', '"body"'],
  ['{"response":{"status":"403"}}', 'it has no status'],
  ['', 'it has no status'],
])('calls %s wrong input', async (text, why) => {
  const cwd = folder({ 'in.yaml': 'method: GET\nurl: https://api.example.com/\n', saved: text })
  const { code, stderr } = await ez(['diagnose', 'in.yaml', '--response', 'saved'], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
  expect(stderr).toContain('[EZ_RESPONSE_UNREADABLE]')
})

it('says that an answer was no refusal', async () => {
  const cwd = folder({
    'in.yaml': 'method: GET\nurl: https://api.example.com/\n',
    saved: 'HTTP/1.1 200 OK\r\n\r\n',
  })
  const { code, stderr } = await ez(['diagnose', 'in.yaml', '--response', 'saved'], { cwd })
  expect([code, stderr]).toEqual([1, expect.stringContaining('status 200, which is no refusal')])
})
