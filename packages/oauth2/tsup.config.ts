import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/login-with-amazon.ts',
    'src/netsuite.ts',
    'src/entra.ts',
    'src/client-credentials.ts',
    'src/refresh-token.ts',
    'src/jwt-bearer.ts',
    'src/google.ts',
    'src/password.ts',
    'src/redis.ts',
    'src/keyv.ts',
  ],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^@ez\/core/, 'jose', 'oauth4webapi', 'redis', 'keyv'],
})
