import { EzError, nearest } from '@ez/core'
import type { Path, Problem, SourceFile } from '@ez/request-file'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import { isPlainlyValid } from './plainly-valid.ts'
import { fitsRequestFile } from './request-fits.ts'

/** What a schema found wrong: where, and what. */
export interface Finding {
  readonly path: Path
  /** The key that is wrong, when it is the key and not its value. */
  readonly key?: string
  readonly message: string
}

let ajv: Ajv | undefined
const compiled = new WeakMap<object, ValidateFunction>()

/** Checks a value against a JSON Schema. @throws EZ_SCHEMA_INVALID when the schema itself is wrong; `subject` owns it */
export async function findings(
  schema: object,
  value: unknown,
  subject: string,
  { quoteValues = true, root = 'the file' }: { quoteValues?: boolean; root?: string } = {},
): Promise<Finding[]> {
  if (isPlainlyValid(schema, value)) return []
  let validate = compiled.get(schema)
  if (!validate) {
    ajv ??= (await import('./ajv.ts')).createAjv()
    try {
      validate = ajv.compile(schema)
    } catch (cause) {
      throw new EzError(
        'EZ_SCHEMA_INVALID',
        `${subject}: its JSON Schema cannot be used: ${(cause as Error).message}.`,
        { cause },
      )
    }
    compiled.set(schema, validate)
  }
  return findingsOf(validate, value, quoteValues, root)
}

function findingsOf(
  validate: ValidateFunction,
  value: unknown,
  quoteValues: boolean,
  root: string,
): Finding[] {
  if (validate(value)) return []
  return (validate.errors ?? []).filter(isOwn).map((error) => describe(error, quoteValues, root))
}

/** Problems of a request file. */
export async function requestFileProblems(source: SourceFile): Promise<Problem[]> {
  if (fitsRequestFile(source.value)) return []
  const { validateRequestFile } = await import('./request-validator.ts')
  return located(source, findingsOf(validateRequestFile, source.value, true, 'the file'))
}

/** Problems of a file that has a schema of its own. */
export async function schemaProblems(source: SourceFile, schema: object): Promise<Problem[]> {
  return located(source, await findings(schema, source.value, source.name))
}

const located = (source: SourceFile, found: readonly Finding[]): Problem[] =>
  found.map(({ path, key, message }) => source.problem(path, message, key))

// Those only repeat what their branches say.
const isOwn = ({ keyword }: ErrorObject): boolean => !['if', 'allOf'].includes(keyword)

function describe(error: ErrorObject, quoteValues: boolean, root: string): Finding {
  const path = pathOf(error.instancePath)
  const params = error.params as Record<string, unknown>
  const subject = path.length === 0 ? root : `"${showPath(path)}"`
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty)
      const known = knownKeys(error)
      const close = nearest(key, known)
      const hint = close
        ? `Did you mean "${close}"?`
        : `Known here: ${known.filter((name) => name !== '$schema').join(', ')}.`
      return { path, key, message: `unknown key "${key}". ${hint}` }
    }
    case 'type':
      return {
        path,
        message: `${subject} must be ${kinds(params.type)}, and is ${kindOf(error.data)}.${quoteValues ? quoteHint(params.type, error.data) : ''}`,
      }
    case 'required':
      return { path, message: `${subject} needs the key "${String(params.missingProperty)}".` }
    case 'enum':
      return {
        path,
        message: `${subject} must be one of ${(params.allowedValues as unknown[]).map((item) => JSON.stringify(item)).join(', ')}.`,
      }
    case 'const':
      return { path, message: `${subject} must be ${JSON.stringify(params.allowedValue)}.` }
    case 'minProperties':
    case 'maxProperties': {
      const known = knownKeys(error)
      const one = error.keyword === 'maxProperties' ? 'must hold only one of' : 'must hold one of'
      return { path, message: `${subject} ${one} ${known.join(', ')}.` }
    }
    case 'minItems':
      return {
        path,
        message: `${subject} needs at least ${String(params.limit)} ${params.limit === 1 ? 'item' : 'items'}.`,
      }
    case 'minLength':
      return {
        path,
        message: `${subject} must ${params.limit === 1 ? 'not be empty' : `have at least ${String(params.limit)} characters`}.`,
      }
    case 'minimum':
      return { path, message: `${subject} must be at least ${String(params.limit)}.` }
    case 'maximum':
      return { path, message: `${subject} must be at most ${String(params.limit)}.` }
    default:
      return { path, message: `${subject} ${error.message ?? 'is not valid'}.` }
  }
}

const knownKeys = ({ parentSchema }: ErrorObject): string[] =>
  Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {})

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** A path as people write it: `preRequest[0].with`. */
export function showPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('')
}

const named: Record<string, string> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
}
const article = (kind: string): string => named[kind] ?? (kind === 'null' ? 'null' : `a ${kind}`)

function kinds(type: unknown): string {
  return (Array.isArray(type) ? (type as string[]) : [String(type)]).map(article).join(' or ')
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  return article(Array.isArray(value) ? 'array' : typeof value)
}

function quoteHint(type: unknown, value: unknown): string {
  const scalar = ['number', 'boolean', 'bigint'].includes(typeof value)
  return scalar && [type].flat().includes('string') ? ` Put it in quotes: "${String(value)}".` : ''
}
