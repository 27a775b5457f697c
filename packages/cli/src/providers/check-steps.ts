import { dirname } from 'node:path'
import type { LoadedRequest } from '../files/request-file.ts'
import type { Grants } from '../grants.ts'
import { loadProvider } from './load.ts'
import { ownFolder } from './package.ts'
import { languageOf, loadOptional } from './scripts.ts'

/** Loads what the steps of a request need, without making them. @throws EZ_PROVIDER_MISSING and the like */
export async function checkSteps(request: LoadedRequest, grants: Grants): Promise<void> {
  const folder = dirname(request.source.absolute)
  for (const { use, script } of request.value.preRequest ?? []) {
    if (use !== undefined) await loadProvider(use, folder, grants)
    if (script !== undefined)
      await loadOptional(languageOf(script).package, '.', ownFolder, 'A script of this job', grants)
  }
}
