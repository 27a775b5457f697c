import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { problemError } from '@ez/request-file'
import { readSource } from './files/source.ts'
import { schemaProblems } from './files/validate.ts'
import { configFile, Grants, grantNames } from './grants.ts'

interface Config {
  readonly allow?: readonly string[]
  readonly folders?: Readonly<Record<string, readonly string[]>>
}

const grantList = { type: 'array', items: { enum: Object.keys(grantNames) } }
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: { allow: grantList, folders: { type: 'object', additionalProperties: grantList } },
}

/** The grants of this run: those of the flags, and those of the user's own configuration. @throws EZ_FILE_INVALID */
export async function loadGrants(flags: readonly string[]): Promise<Grants> {
  const file = configFile()
  if (!existsSync(file)) return new Grants(flags)
  const source = await readSource(file)
  const problems = await schemaProblems(source, schema)
  if (problems.length > 0) throw problemError(problems)
  const { allow = [], folders = {} } = source.value as Config
  const absolute = Object.entries(folders).map(
    ([folder, grants]) => [resolve(dirname(file), folder), grants] as const,
  )
  return new Grants([...flags, ...allow], Object.fromEntries(absolute))
}
