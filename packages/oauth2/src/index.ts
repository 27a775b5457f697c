export type { PrivateKey } from './assertion.ts'
export type { SecretPlacement } from './client-authentication.ts'
export { type ClientCredentialsOptions, clientCredentials, provider } from './client-credentials.ts'
export { type EntraOptions, entra } from './entra.ts'
export { type GitHubAppOptions, githubApp } from './github-app.ts'
export { type GoogleServiceAccountOptions, googleServiceAccount } from './google.ts'
export { type JwtOptions, jwt } from './jwt/jwt.ts'
export { type JwtBearerOptions, jwtBearer } from './jwt-bearer.ts'
export { type AuthorizationCodeOptions, authorizationCode } from './login/authorization-code.ts'
export { type DeviceCodeOptions, deviceCode } from './login/device-code.ts'
export type { LoggedIn, LoginPerson, LoginProvider } from './login/login.ts'
export { type LoginCallOptions, loginCall } from './login-call/login-call.ts'
export type { LoginRequest } from './login-call/send-login.ts'
export {
  type LoginWithAmazonOptions,
  loginWithAmazon,
  type RestrictedData,
  type RestrictedResource,
} from './login-with-amazon.ts'
export { type NetSuiteM2MOptions, netsuiteM2M } from './netsuite.ts'
export type { CommonTokenOptions, Credentials, WithCredentials } from './options.ts'
export { type PasswordOptions, password } from './password.ts'
export { type RefreshTokenOptions, refreshToken } from './refresh-token.ts'
export { listTokens, type StoredToken } from './store/list-tokens.ts'
export { type ListedTokenStore, memoryStore, type Release, type TokenStore } from './store/token-store.ts'
