// One process that sends one request with a rotating refresh token kept in encrypted files; prints the header.
import { prepare } from '@ez/core'
import { refreshToken } from '@ez/oauth2'
import { fileStore } from '@ez/oauth2/file'

const [folder, tokenEndpoint, encryptionKey, timeoutMs = '15000'] = process.argv.slice(2)
const script = refreshToken({
  tokenEndpoint,
  clientId: 'client',
  clientSecret: 'secret-1',
  refreshToken: 'refresh-0',
  store: fileStore({ folder, encryptionKey }),
  timeoutMs: Number(timeoutMs),
})
const { headers } = await prepare({ method: 'GET', url: 'https://api.example.com/', preRequest: [script] })
console.log(new Map(headers).get('authorization'))
