import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether certificates can be made on this machine. */
export const openssl: boolean = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
if (!openssl) console.log('tests with certificates: not run, openssl is absent')

/** An authority of its own, a server's certificate for api.example.com and a client's. */
export function createCertificates(): (name: string) => Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'ez-client-'))
  const run = (...parameters: string[]): void => {
    execFileSync('openssl', parameters, { cwd: folder, stdio: 'ignore' })
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Own authority')
  for (const [name, subject] of [
    ['server', '/CN=api.example.com'],
    ['client', '/CN=integration'],
  ] as const) {
    run(
      'req', '-x509', ...key, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`,
      '-subj', subject, '-addext', 'subjectAltName=DNS:api.example.com', '-addext', 'basicConstraints=critical,CA:FALSE',
    ) // biome-ignore format: a command line
  }
  return (name) => readFileSync(join(folder, name))
}
