import { basename } from 'node:path'
import { EzError } from '@ez/core'
import { isSecretName, type RequestValue } from '@ez/request-file'
import { atPlace } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { readText } from '../files/source.ts'
import type { Grants } from '../grants.ts'
import { writtenSecrets } from '../lint/secrets.ts'
import { bigintText } from '../providers/options.ts'
import { isPostman } from '../providers/postman.ts'
import { sourceKind } from '../variables/secret-source.ts'

/** A request as it stands in a job: resolved text, with its scripts, and without secrets. */
export interface Definition {
  readonly version: 1
  readonly request: RequestValue
  /** Scripts by the path that the request names. */
  readonly scripts: Readonly<Record<string, string>>
  /** What results hold beside the verdict and the captures. */
  readonly keep?: 'body'
}

/**
 * The definition of a request: what it extends is in it, and its scripts are.
 *
 * Values of secret variables are left out: workers have them from their own environment.
 *
 * @throws EZ_JOB_REFUSED for a request that names another local file, EZ_SECRET_IN_FILE for one that holds a secret
 */
export async function definitionOf(
  request: LoadedRequest,
  grants: Grants,
  keep?: 'body',
): Promise<Definition> {
  const [secret] = writtenSecrets(request)
  if (secret) throw secret
  refuseFiles(request)
  refusePostman(request)
  const scripts: Record<string, string> = {}
  const { source, path } = layerOf(request, 'preRequest')
  const preRequest = request.value.preRequest && [...request.value.preRequest]
  for (const [index, step] of (preRequest ?? []).entries()) {
    const { script } = step
    if (script === undefined) continue
    const place = { source, path: [...path, 'preRequest', index, 'script'] }
    const text = await atPlace(place, () => readText(script, grants.path(script, source.absolute)))
    const name = `scripts/${index}-${basename(script)}`
    scripts[name] = text
    ;(preRequest as (typeof step)[])[index] = { ...step, script: name }
  }
  const { variables, ...rest } = request.value
  const kept = keptVariables(variables ?? {}, new Set(request.value.secrets))
  return {
    version: 1,
    request: {
      ...rest,
      ...(preRequest && { preRequest }),
      ...(Object.keys(kept).length > 0 && { variables: kept }),
    },
    scripts,
    ...(keep && { keep }),
  }
}

/** The text of a definition, which its fingerprint is of. */
export const definitionText = (definition: Definition): string => JSON.stringify(definition, bigintText)

/** A definition of its text. @throws EZ_JOB_REFUSED */
export function readDefinition(text: string): Definition {
  const definition = JSON.parse(text) as Definition
  if (definition.version !== 1)
    throw new EzError(
      'EZ_JOB_REFUSED',
      `The job was added by a newer ez (definition ${String(definition.version)}). Update this one.`,
    )
  return definition
}

// What is fetched from elsewhere, or is secret by its name, is the worker's to have.
function keptVariables(
  variables: Readonly<Record<string, unknown>>,
  listed: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => {
      const kind = sourceKind(value)
      if (kind === 'env' || kind === 'keychain') return true
      const points = typeof value === 'string' && value.includes('{{')
      return (kind === undefined || kind === 'value') && !listed.has(name) && (points || !isSecretName(name))
    }),
  )
}

function refusePostman({ value, label }: LoadedRequest): void {
  if ([...(value.preRequest ?? []), ...(value.tests ?? [])].some(isPostman))
    throw new EzError(
      'EZ_JOB_REFUSED',
      `${label}: it has scripts of Postman, whose variables a queue cannot know beforehand. Run its rows without --queue, or put the scripts into the native dialect.`,
    )
}

function refuseFiles({ value, label }: LoadedRequest): void {
  const { body } = value
  const file = body?.file ?? body?.stream ?? body?.multipart?.find((part) => part.file !== undefined)?.file
  if (file !== undefined)
    throw new EzError(
      'EZ_JOB_REFUSED',
      `${label}: its body is the local file ${file}, which workers on other machines do not have. Put its content into the request, or into the rows.`,
    )
}
