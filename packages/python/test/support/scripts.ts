import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The folder of the published scripts. */
export const scriptsFolder: string = resolve(root, process.env.EZ_SCRIPTS ?? '../shared/product/scripts')

/** The published scripts; none when the folder is absent. */
export const scriptFiles: readonly string[] = existsSync(scriptsFolder)
  ? readdirSync(scriptsFolder).filter((name) => name.endsWith('.py'))
  : []
