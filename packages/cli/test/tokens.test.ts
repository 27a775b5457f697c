import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { listen } from './support/server.ts'

it('fetches a token once for all rows, and anew when it is refused', async () => {
  let issued = 0
  const tokens = await listen((_request, response) => {
    issued += 1
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ access_token: `issued-token-${issued}`, token_type: 'bearer', expires_in: 3600 }),
    )
  })
  let refusals = 1
  const api = await listen((request, response) => {
    const good = /^issued-token-\d+$/.test(String(request.headers['x-amz-access-token']))
    const expire = request.path === '/5' && refusals > 0
    if (expire) refusals -= 1
    response.writeHead(good && !expire ? 200 : 401).end('{}')
  })
  const cwd = folder({
    'in.yaml': `method: GET\nurl: ${api.url}/{{id}}\npreRequest:\n  - use: '@ez/oauth2/login-with-amazon'\n    with: { clientId: '{{lwa_client_id}}', clientSecret: '{{lwa_client_secret}}', refreshToken: '{{lwa_refresh_token}}', tokenEndpoint: '${tokens.url}/auth/o2/token' }\n`,
    'rows.json': JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ id }))),
    '.env':
      'lwa_client_id=client\nlwa_client_secret=very-secret-client\nlwa_refresh_token=very-secret-refresh\n',
  })
  const { stdout, stderr, code } = await ez(['run', 'in.yaml', '--data', 'rows.json', '--save', 'saved'], {
    cwd,
  })
  expect(stdout + stderr).toContain('20 rows: 20 ok')
  expect(code).toBe(0)
  expect(issued).toBe(2)
  expect(api.received.length).toBe(21)
  const explained = await ez(['explain', 'in.yaml', '--var', 'id=1'], { cwd })
  expect(explained.stdout).not.toMatch(/very-secret|issued-token/)
  const lint = await ez(['lint', 'in.yaml', '--var', 'id=1'], { cwd })
  expect(lint.stdout).toBe('1 request, nothing wrong\n')
  expect(issued).toBe(3)
  await tokens.close()
  await api.close()
})

it('says what the token endpoint refused, without a secret', async () => {
  const tokens = await listen((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end('{"error":"invalid_grant","error_description":"no such refresh token very-secret-refresh"}')
  })
  const cwd = folder({
    'in.yaml': `method: GET\nurl: https://api.example.com/\npreRequest:\n  - use: '@ez/oauth2/login-with-amazon'\n    with: { clientId: c, clientSecret: '{{s}}', refreshToken: '{{r}}', tokenEndpoint: '${tokens.url}/t' }\n`,
  })
  const { stdout, stderr, code } = await ez(
    ['run', 'in.yaml', '--var', 's=very-secret-client', '--var', 'r=very-secret-refresh'],
    { cwd },
  )
  expect(stdout).toContain('invalid_grant')
  expect(stdout + stderr).not.toContain('very-secret')
  expect(code).toBe(1)
  await tokens.close()
})
