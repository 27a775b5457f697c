import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'login-with-amazon': 'src/login-with-amazon.ts',
    netsuite: 'src/netsuite.ts',
    entra: 'src/entra.ts',
    'client-credentials': 'src/client-credentials.ts',
    'refresh-token': 'src/refresh-token.ts',
    'jwt-bearer': 'src/jwt-bearer.ts',
    google: 'src/google.ts',
    password: 'src/password.ts',
    redis: 'src/redis.ts',
    keyv: 'src/keyv.ts',
    'authorization-code': 'src/login/authorization-code.ts',
    'device-code': 'src/login/device-code.ts',
    file: 'src/store/file-store.ts',
    seal: 'src/store/seal.ts',
    sealed: 'src/store/sealed-store.ts',
    postgres: 'src/store/postgres-store.ts',
  },
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, /^@ez\/core/, 'jose', 'oauth4webapi', 'proper-lockfile', 'redis', 'keyv'],
})
