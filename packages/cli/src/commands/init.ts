import { dirname, resolve } from 'node:path'
import { EzError } from '@ez/core'
import { requestFileText } from '@ez/request-file'
import { loadGrants } from '../config.ts'
import { writeNew } from '../files/write-new.ts'
import type { Grants } from '../grants.ts'
import { skeletonOf } from '../init/skeleton.ts'
import type { Start } from '../init/start.ts'
import { nameOf, starts } from '../init/starts.ts'
import { loadProvider } from '../providers/load.ts'
import { usesMachineCredentials } from '../providers/machine-credentials.ts'
import { findPackage, splitSpecifier, whyMissing } from '../providers/package.ts'
import { checkTarget } from '../send/targets.ts'

export interface InitFlags {
  readonly provider?: string
  readonly out?: string
  readonly force?: boolean
  readonly allow?: readonly string[]
}

const defaultFile = 'request.yaml'

/** `ez init`: writes a working request file; asks on a terminal for what the flags do not say. */
export async function init(flags: InitFlags): Promise<void> {
  const asks = process.stdin.isTTY === true && process.stdout.isTTY === true
  if (flags.provider === undefined && !asks)
    throw new EzError(
      'EZ_USAGE',
      `ez init asks its questions on a terminal. Here, say what you want: ez init --provider <${starts.map(nameOf).join(' | ')}>`,
    )
  const grants = await loadGrants(flags.allow ?? [])
  const { start, out } =
    flags.provider === undefined
      ? await ask(flags, grants)
      : {
          start: await startOf(flags.provider, dirname(resolve(flags.out ?? defaultFile)), grants),
          out: flags.out ?? defaultFile,
        }
  await checkTarget('--out', out)
  await writeNew(
    resolve(out),
    requestFileText([{ request: start.value, notes: notesOf(start) }]),
    flags.force,
  )
  const lines = [`Wrote ${out}.`]
  if (start.use !== '') {
    const { name } = splitSpecifier(start.use)
    const folder = dirname(resolve(out))
    if (!findPackage(name, folder, grants)) lines.push(`The provider is ${whyMissing(name, folder)}`)
  }
  const secrets = (start.value.secrets ?? []).map((secret) => `--var ${secret}=…`).join(' ')
  const command = /authorization-code|device-code/.test(start.use) ? 'ez login' : 'ez explain'
  lines.push(`Look at it, then try: ${command} ${out}${secrets === '' ? '' : ` ${secrets}`}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function startOf(provider: string, folder: string, grants: Grants): Promise<Start> {
  const start = starts.find((one) => nameOf(one) === provider)
  if (start) return start
  const { name } = splitSpecifier(provider)
  // Any other provider says itself what it needs, once it is installed.
  return skeletonOf(
    provider,
    findPackage(name, folder, grants) && (await loadProvider(provider, folder, grants)).options,
  )
}

function notesOf({ use, value }: Start): string[] {
  const secrets = value.secrets ?? []
  const isMachines = (value.preRequest ?? []).some(usesMachineCredentials)
  return [
    ...(isMachines ? ["Uses this machine's credentials: run it with --allow credentials."] : []),
    ...(/authorization-code|device-code/.test(use)
      ? ['Log in first: ez login, with the name of this file.']
      : []),
    ...(secrets.length > 0
      ? [
          `Set ${secrets.join(', ')} in a .env file beside this one, or as ${secrets.map((name) => `EZ_VAR_${name.toUpperCase()}`).join(', ')}.`,
        ]
      : []),
    ...(use !== '' ? [`All options of the provider: ez providers ${use}`] : []),
  ]
}

async function ask(flags: InitFlags, grants: Grants): Promise<{ start: Start; out: string }> {
  const { cancel, intro, isCancel, outro, select, text } = await import('@clack/prompts')
  intro('A first request file')
  const use = await select({
    message: 'Which API do you call?',
    options: starts.map((start) => ({ value: nameOf(start), label: start.title })),
  })
  const out = isCancel(use)
    ? use
    : (flags.out ?? (await text({ message: 'Name of the file', initialValue: defaultFile })))
  if (isCancel(use) || isCancel(out)) {
    cancel('Nothing was written.')
    throw new EzError('EZ_ABORTED', 'Nothing was written.')
  }
  outro('Done')
  return { start: await startOf(use, process.cwd(), grants), out: out || defaultFile }
}
