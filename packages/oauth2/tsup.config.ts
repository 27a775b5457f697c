import { library } from '../../.ci/library.ts'

export default library({
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
    jwt: 'src/jwt/jwt.ts',
    'login-call': 'src/login-call/login-call.ts',
    'github-app': 'src/github-app.ts',
    file: 'src/store/file-store.ts',
    seal: 'src/store/seal.ts',
    sealed: 'src/store/sealed-store.ts',
    postgres: 'src/store/postgres-store.ts',
  },
  removeNodeProtocol: false,
  external: [/^node:/, /^@ez\/core/, 'jose', 'json-p3', 'oauth4webapi', 'proper-lockfile', 'redis', 'keyv'],
})
