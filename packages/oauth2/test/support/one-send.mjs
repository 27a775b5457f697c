// One process that sends one request with a rotating refresh token kept in Redis; prints the header.
import { prepare } from '@ez/core'
import { refreshToken } from '@ez/oauth2'
import { redisStore } from '@ez/oauth2/redis'
import { createClient } from 'redis'

const [url, tokenEndpoint, encryptionKey, timeoutMs = '15000'] = process.argv.slice(2)
const client = await createClient({ url }).connect()
const script = refreshToken({
  tokenEndpoint,
  clientId: 'client',
  clientSecret: 'secret-1',
  refreshToken: 'refresh-0',
  store: redisStore(client),
  encryptionKey,
  timeoutMs: Number(timeoutMs),
})
const { headers } = await prepare({ method: 'GET', url: 'https://api.example.com/', preRequest: [script] })
console.log(new Map(headers).get('authorization'))
client.destroy()
