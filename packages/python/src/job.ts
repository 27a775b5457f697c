import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EzError, type ScriptContext } from '@ez/core'
import type { PythonScriptOptions } from './options.ts'
import { PythonPool } from './pool/pool.ts'
import type { Job, RequestState } from './pool/protocol.ts'
import type { ParsedSource, ResolvedSource } from './source/substitute.ts'
import { plainParameters } from './values.ts'

/** Milliseconds that a run may take, when nothing is said. */
export const defaultTimeoutMs = 5000
/** Megabytes that an interpreter's heap may grow to, when nothing is said. */
export const defaultMemoryMb = 128

// A result of the largest size, in the few copies that are made of it on its way, and 64 MB for scrypt.
const slack = 192 * 1024 * 1024

let shared: PythonPool | undefined

/** A run of a script, at an attempt's clock and nonce. */
export function jobOf(
  id: string,
  parsed: ParsedSource,
  source: ResolvedSource,
  { seed, parameters = {}, timeoutMs = defaultTimeoutMs, memoryMb = defaultMemoryMb }: PythonScriptOptions,
  context: ScriptContext,
  request: RequestState | null,
): Job {
  return {
    now: context.now().getTime(),
    pin: seed ?? null,
    memory: memoryMb * 1024 * 1024,
    slack,
    timeout: timeoutMs + 1000,
    script: {
      source: source.text,
      filename: id,
      parameters: parsed.lexed.names.has('parameters') ? plainParameters(parameters) : {},
      request,
      wanted: context.wanted,
      exports: [],
      seed: seedOf(seed ?? context.nonce(), parsed.hash),
    },
  }
}

/** The interpreters that a script uses. */
export function poolOf({ pool }: Pick<PythonScriptOptions, 'pool'>): PythonPool {
  if (pool) return pool
  shared ??= new PythonPool()
  return shared
}

/** What has one interpreter: the runs of one text, before substitution, with one limit of memory. */
export function poolKey({ hash }: ParsedSource, memoryMb: number): string {
  return `${hash} ${memoryMb}`
}

/** A script's name. */
export function idOf({ name, file }: Pick<PythonScriptOptions, 'name' | 'file'>): string {
  return name ?? (file === undefined ? 'python' : basename(pathOf(file)))
}

/** A script's text. @throws EZ_OPTION_INVALID, EZ_SCRIPT_UNREADABLE */
export function sourceOf(id: string, { source, file }: Pick<PythonScriptOptions, 'source' | 'file'>): string {
  if ((source === undefined) === (file === undefined))
    throw new EzError('EZ_OPTION_INVALID', `${id}: give either source or file.`)
  if (file === undefined) return source as string
  try {
    return readFileSync(pathOf(file), 'utf8')
  } catch (cause) {
    throw new EzError(
      'EZ_SCRIPT_UNREADABLE',
      `${id}: the file ${pathOf(file)} cannot be read. Check its path.`,
      { cause },
    )
  }
}

function pathOf(file: string | URL): string {
  return typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file)
}

// As random as the attempt's nonce, which comes from the CSPRNG, and pinned when the nonce is. Every attempt has its
// own, so that interpreters restored from one snapshot never draw the same numbers.
function seedOf(nonce: string, hash: string): string {
  return createHash('sha256').update(`${nonce} ${hash}`).digest('hex')
}

/** Closes the interpreters that scripts share; the next run starts new ones. */
export function closePython(): void {
  shared?.close()
  shared = undefined
}
