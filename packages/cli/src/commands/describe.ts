import { resolve } from 'node:path'
import { type Signer, type SignStage, secret, secretHider } from '@ez/core'
import { randomAlphanumeric } from '@ez/core/crypto'
import { loadGrants } from '../config.ts'
import type { Change } from '../describe/change.ts'
import type { Description } from '../describe/description.ts'
import { readHttpRequest } from '../describe/http-request.ts'
import { type Define, type Example, search, stagesOf } from '../describe/search.ts'
import { vectorOf } from '../describe/vector.ts'
import { readSource, readText } from '../files/source.ts'
import { readInstant } from '../instant.ts'
import { colors } from '../output/colors.ts'
import { showTrace } from '../output/trace.ts'
import { describing, descriptionError } from '../providers/description.ts'
import { loadOptional } from '../providers/scripts.ts'
import { readAssignment } from '../variables/collect.ts'

export interface DescribeFlags {
  readonly request: string
  readonly expect?: string
  readonly option?: readonly string[]
  readonly options?: string
  readonly at?: string
  readonly nonce?: string
  /** Prints the case under this title, with its credentials, when the expected value is reached. */
  readonly vector?: string
  readonly json?: boolean
}

/**
 * `ez describe`: the stages of a described signature for a request, and which change of the description gives the value
 * that the vendor gives. Exit code 1 when the description as it is does not.
 */
export async function describe(file: string, flags: DescribeFlags): Promise<void> {
  const source = await readSource(file)
  const description = source.value as Description
  const { defineSignature } = (await loadOptional(
    describing,
    '.',
    process.cwd(),
    'ez describe',
    await loadGrants([]),
  )) as {
    readonly defineSignature: Define
  }
  try {
    defineSignature(description)
  } catch (error) {
    throw descriptionError(error, { source, path: [] })
  }
  const example: Example = {
    request: await readHttpRequest(flags.request, await readText(flags.request, resolve(flags.request))),
    options: await optionsOf(flags),
    context: contextOf(flags),
  }
  const hide = hiderOf(description, example.options)
  const stages = await stagesOf(defineSignature, description, example)
  const { expect: expected } = flags
  const isEqual = expected !== undefined && stages.at(-1)?.value === expected
  if (flags.vector !== undefined && isEqual) {
    const signer = defineSignature(description).create(example.options as never) as Signer
    const usesNonce = JSON.stringify(description).includes('{nonce')
    const from = description.source ?? 'the vendor'
    const vector = await vectorOf(flags.vector, from, example, stages, signer, usesNonce)
    process.stdout.write(`${JSON.stringify([vector], null, 2)}\n`)
    return
  }
  const found =
    expected === undefined || isEqual ? [] : await search(defineSignature, description, example, expected)
  const shown = await Promise.all(
    found.map(async (changes) => ({
      changes,
      stages: await stagesOf(defineSignature, (changes.at(-1) as Change).description, example),
    })),
  )
  if (flags.json)
    process.stdout.write(`${JSON.stringify(dataOf(stages, expected, isEqual, shown, hide), null, 2)}\n`)
  else process.stdout.write(hide(textOf(description.id, stages, expected, isEqual, shown)))
  if (expected !== undefined && !isEqual) process.exitCode = 1
}

interface Fit {
  readonly changes: readonly Change[]
  readonly stages: readonly SignStage[]
}

function textOf(
  id: string,
  stages: readonly SignStage[],
  expected: string | undefined,
  isEqual: boolean,
  fits: readonly Fit[],
): string {
  const { bold, green, yellow } = colors(process.stdout)
  const lines = [showTrace(stages.map((stage) => ({ step: id, ...stage })))]
  if (isEqual) lines.push(green('This is the expected value.'))
  else if (expected !== undefined)
    lines.push(
      fits.length === 0
        ? yellow('This is not the expected value, and none of the usual suspects gives it.')
        : yellow('This is not the expected value. It is with:'),
    )
  for (const { changes, stages: others } of fits) {
    lines.push(
      changes.map(({ place, say }) => `  ${bold(place)}: ${JSON.stringify(say).slice(1, -1)}`).join('\n'),
    )
    const changed = others.filter(
      ({ id: name, value }) => stages.find((one) => one.id === name)?.value !== value,
    )
    for (const { id: name, value } of changed.slice(0, 1)) lines.push(`    ${name}: ${JSON.stringify(value)}`)
  }
  return `${lines.join('\n\n')}\n`
}

function dataOf(
  stages: readonly SignStage[],
  expected: string | undefined,
  isEqual: boolean,
  fits: readonly Fit[],
  hide: (text: string) => string,
): object {
  const hidden = (list: readonly SignStage[]): object =>
    list.map(({ id, value }) => ({ id, value: hide(value) }))
  return {
    stages: hidden(stages),
    ...(expected !== undefined && { equal: isEqual }),
    ...(expected !== undefined &&
      !isEqual && {
        fits: fits.map(({ changes, stages: others }) => ({
          changes: changes.map(({ place, say }) => ({ place, say })),
          stages: hidden(others),
        })),
      }),
  }
}

async function optionsOf({ option = [], options }: DescribeFlags): Promise<Record<string, unknown>> {
  const given = options === undefined ? {} : ((await readSource(options)).value as Record<string, unknown>)
  return { ...given, ...Object.fromEntries(option.map(readAssignment)) }
}

function contextOf({ at, nonce = randomAlphanumeric(32) }: DescribeFlags): Example['context'] {
  const now = at === undefined ? new Date() : momentOf(at)
  return { now: () => now, nonce: () => nonce }
}

/** An instant as vendors' examples give it: ISO, or a number of seconds, milliseconds or microseconds. */
function momentOf(text: string): Date {
  if (!/^\d{10}(?:\d{3}){0,2}$/.test(text)) return readInstant(text)
  return new Date(Number(text) * 10 ** (13 - text.length))
}

/** Hides what no trace shows: the options that are secrets and tokens. */
function hiderOf(
  { options = {} }: Description,
  given: Readonly<Record<string, unknown>>,
): (text: string) => string {
  const secrets = Object.entries(options).flatMap(([name, rule]) => {
    const kind = typeof rule === 'string' ? rule : String((rule as { kind?: unknown } | null)?.kind ?? '')
    const value = given[name]
    return /^(?:secret|token)/.test(kind) && typeof value === 'string' && value !== '' ? [secret(value)] : []
  })
  return secrets.length === 0 ? (text) => text : secretHider(secrets, () => '***')
}
