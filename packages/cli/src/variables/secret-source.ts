import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { EzError, type Secret, secret } from '@ez/core'
import { readText } from '../files/source.ts'
import type { Grants } from '../grants.ts'
import { loadOptional } from '../providers/scripts.ts'
import { storeEntry } from '../tokens/keychain-key.ts'

const kinds = ['secret', 'command', 'file', 'env', 'stdin', 'keychain', 'value'] as const
type Kind = (typeof kinds)[number]

const longestCommandMs = 60_000

/** The kind of a value that says where it comes from: a map with exactly one of the known keys. */
export function sourceKind(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const [key, ...others] = Object.keys(value)
  return others.length === 0 ? kinds.find((kind) => kind === key) : undefined
}

/**
 * The value of a variable that says where it comes from; fetched when it is first needed, once a run.
 *
 * @throws EZ_NOT_ALLOWED at once, EZ_SECRET_FAILED when it is fetched
 */
export function fromSource(name: string, value: unknown, file: string, grants: Grants): unknown {
  const kind = sourceKind(value)
  if (kind === undefined) return value
  const given = (value as Record<string, unknown>)[kind]
  const refuse = (problem: string): EzError => new EzError('EZ_SECRET_FAILED', `{{${name}}}: ${problem}`)
  const text = (): string => {
    if (typeof given !== 'string' || given === '') throw refuse(`"${kind}" must be a text.`)
    return given
  }
  switch (kind) {
    case 'value':
      return given
    case 'secret':
      return typeof given === 'string' || typeof given === 'number' ? secret(String(given)) : text()
    case 'env': {
      const variable = text()
      grants.check('env', file, `{{${name}}}: the environment variable ${variable}`)
      return () => {
        const found = process.env[variable]
        if (found === undefined || found === '')
          throw refuse(`the environment variable ${variable} is not set.`)
        return secret(found)
      }
    }
    case 'file': {
      const path = grants.path(text(), file)
      return once(async () => secret(withoutLineEnd(await readText(text(), path))))
    }
    case 'command': {
      const command = text()
      grants.check('command', file, `{{${name}}}: the command ${JSON.stringify(command)}`)
      return once(async () => secret(await runCommand(command, dirname(file), refuse)))
    }
    case 'stdin':
      return once(readStandardInput)
    case 'keychain': {
      const { service, account } = (given ?? {}) as { service?: unknown; account?: unknown }
      if (typeof service !== 'string' || typeof account !== 'string')
        throw refuse('"keychain" needs "service" and "account".')
      if (service === storeEntry.service && account === storeEntry.account)
        throw refuse('the key of the stored tokens is no variable.')
      grants.check('keychain', file, `{{${name}}}: the keychain entry ${service}/${account}`)
      return once(async () => secret(await readKeychain(service, account, dirname(file), refuse, grants)))
    }
  }
}

function once(read: () => Promise<Secret>): () => Promise<Secret> {
  let value: Promise<Secret> | undefined
  return () => {
    value ??= read()
    return value
  }
}

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '')

function runCommand(command: string, cwd: string, refuse: (problem: string) => EzError): Promise<string> {
  const [shell, ...flags] = process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c'] : ['/bin/sh', '-c']
  return new Promise((resolve, reject) => {
    const child = execFile(
      shell as string,
      [...flags, command],
      { cwd, timeout: longestCommandMs },
      (error, output) => {
        if (error) {
          const how = error.killed
            ? `took longer than ${longestCommandMs / 1000} s`
            : `ended with ${error.code ?? error.signal}`
          // Its output stays unsaid: half a secret may be in it.
          reject(refuse(`the command ${JSON.stringify(command)} ${how}. Try it in a shell.`))
        } else if (withoutLineEnd(output) === '')
          reject(refuse(`the command ${JSON.stringify(command)} printed nothing.`))
        else resolve(withoutLineEnd(output))
      },
    )
    child.stdin?.end()
  })
}

let standardInput: Promise<Secret> | undefined

/** Standard input as one secret, without its last line end; read once. @throws EZ_SECRET_FAILED */
export function readStandardInput(): Promise<Secret> {
  standardInput ??= (async () => {
    const text = withoutLineEnd((await buffer(process.stdin)).toString('utf8'))
    if (text === '')
      throw new EzError('EZ_SECRET_FAILED', 'A secret was to come from standard input, and nothing came.')
    return secret(text)
  })()
  return standardInput
}

interface Keyring {
  readonly Entry: new (service: string, account: string) => { getPassword(): string | null }
}

async function readKeychain(
  service: string,
  account: string,
  folder: string,
  refuse: (problem: string) => EzError,
  grants: Grants,
): Promise<string> {
  let password: string | null
  try {
    const { Entry } = (await loadOptional(
      '@napi-rs/keyring',
      '.',
      folder,
      'The keychain',
      grants,
    )) as unknown as Keyring
    password = new Entry(service, account).getPassword()
  } catch (cause) {
    if (EzError.isInstance(cause)) throw refuse(cause.message)
    throw refuse(`the keychain gives no entry ${service}/${account}: ${(cause as Error).message}`)
  }
  if (password === null || password === '') throw refuse(`the keychain has no entry ${service}/${account}.`)
  return password
}
