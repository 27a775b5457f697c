import type { StepValue } from '@ez/request-file'

const ofMachine = ['profile', 'roleArn', 'tenantId', 'managedIdentityClientId', 'scope']

/** Whether a step signs with credentials that this machine has: they are looked for when it signs. */
export function usesMachineCredentials({ with: options }: StepValue): boolean {
  const { credentials } = (options ?? {}) as { readonly credentials?: unknown }
  if (typeof credentials !== 'object' || credentials === null) return credentials === 'default'
  return ofMachine.some((name) => name in credentials) && !('accessKeyId' in credentials)
}
