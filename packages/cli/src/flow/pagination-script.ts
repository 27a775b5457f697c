import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import type { ScriptPagination } from '@ez/client'
import { EzError, type PrepareContext, prepare } from '@ez/core'
import type { ScriptPaginationValue } from '../files/flow-keys.ts'
import { atPlace } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import type { MadeStep } from '../providers/load.ts'
import { sourceStep } from '../providers/scripts.ts'
import type { Session } from '../session.ts'

/**
 * A pagination whose next page a script of the user's tells, in the sandbox of pre-request scripts: the default export
 * of a JavaScript file, or the function `next_page` of a Python file. It is given the last answer.
 *
 * @throws EZ_NOT_ALLOWED, EZ_FILE_NOT_FOUND, EZ_FILE_INVALID, EZ_PROVIDER_MISSING
 */
export async function paginationScript(
  session: Session,
  request: LoadedRequest,
  { script, ...pagination }: ScriptPaginationValue,
  context: PrepareContext,
): Promise<ScriptPagination> {
  const { source, path } = layerOf(request, 'paginate')
  const place = { source, path: [...path, 'paginate', 'script'] }
  const text = await atPlace(place, () =>
    callOf(script, contentOf(script, session.grants.path(script, source.absolute))),
  )
  const folder = dirname(request.source.absolute)
  const stepFor = (answer: unknown): Promise<MadeStep> =>
    atPlace(place, () =>
      sourceStep(script, text, { answer }, { next: 'ez_next_page' }, folder, session.grants),
    )
  // The sandbox's package is missing now, not after the first page.
  await stepFor(undefined)
  return {
    ...pagination,
    next: async (answer) => {
      const asked = {
        method: 'POST',
        url: 'https://pagination.invalid/',
        body: { json: { next: '{%next%}' } },
        preRequest: [await stepFor(answer)],
      }
      const { body } = await prepare(asked, context)
      const { next } = JSON.parse(new TextDecoder().decode(body as Uint8Array)) as { next: string }
      return checked(script, JSON.parse(next))
    },
  }
}

function contentOf(script: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new EzError('EZ_FILE_NOT_FOUND', `the script ${script} cannot be read. Check its path.`, { cause })
  }
}

// The lines of the user stay where they are, so that errors name them.
function callOf(script: string, text: string): string {
  if (extname(script) === '.py') {
    if (!/^def\s+next_page\s*\(/m.test(text)) throw invalid(script, 'a function next_page(answer)')
    return `${text}\nimport json as ez_json\nez_next_page = ez_json.dumps(next_page(parameters['answer']))\n`
  }
  const exported = /^([ \t]*)export\s+default\s+/m
  if (!exported.test(text)) throw invalid(script, 'a function of the answer as its default export')
  return `${text.replace(exported, '$1const ezNextPage = ')}\n;publish('next', JSON.stringify((await ezNextPage(parameters.answer, context)) ?? null))\n`
}

const invalid = (script: string, needs: string): EzError =>
  new EzError('EZ_FILE_INVALID', `the pagination script ${script} needs ${needs}.`)

function checked(script: string, next: unknown): Readonly<Record<string, unknown>> | null {
  if (next === null) return null
  if (typeof next === 'object' && !Array.isArray(next)) return next as Readonly<Record<string, unknown>>
  throw new EzError(
    'EZ_PAGE_INVALID',
    `the pagination script ${script} must return the next request's runtime values by name, or nothing after the last page.`,
  )
}
