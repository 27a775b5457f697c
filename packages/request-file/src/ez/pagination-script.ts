import type { RequestValue } from '../model/request-value.ts'

/** A pagination script as it is called here, and the values of the first page. */
export interface PaginationScript {
  readonly text: string
  readonly initial: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

// What the pipeline gives itself.
const given = new Set([
  'today',
  'yesterday',
  'min_time',
  'max_time',
  'now',
  'timestamp',
  'timestamp_ms',
  'uuid',
  'nonce',
])

/**
 * The script of a custom pagination, in a function that is called after each page. It reads the answer, and the variables
 * that it assigns become the runtime values that the request names, as in pre-request scripts.
 */
export function paginationScript(
  script: string,
  request: RequestValue,
  first: Readonly<Record<string, unknown>>,
): PaginationScript {
  const { preRequest: _, ...written } = request
  const names = [...JSON.stringify(written).matchAll(/\{%\s*([A-Za-z_]\w*)/g)].map(
    ([, name]) => name as string,
  )
  const paged = [...new Set(names)].filter((name) => !given.has(name) && assigns(script, name))
  const initial = Object.fromEntries(paged.map((name) => [name, first[name] ?? '']))
  if (/^def\s+next_page\s*\(/m.test(script)) return { text: script, initial, notes: [] }
  return {
    text: wrapped(script, paged),
    initial,
    notes: [
      paged.length === 0
        ? 'The pagination script assigns nothing that the request names by {%name%}: say in its file what next_page returns.'
        : `The pagination script runs after each page with the answer as "response"; what it assigns to ${paged.join(', ')} is the next page's. Look at its file: how the product names the answer is not documented.`,
    ],
  }
}

const assigns = (script: string, name: string): boolean =>
  new RegExp(`(?:^|[^\\w.])${name}\\s*(?:[-+*/]?=(?!=)|,)`, 'm').test(script)

function wrapped(script: string, names: readonly string[]): string {
  const body = script.trim() === '' ? 'pass' : script.replaceAll('\r\n', '\n').trimEnd()
  const list = names.map((name) => `'${name}'`).join(', ')
  return `# The custom pagination of eZintegrations, called with each answer. It returns the runtime values of the next request,
# or None after the last page.
def next_page(answer):
    response = bizdata_dataset_response = answer['json']
${names.map((name) => `    ${name} = answer['values'].get('${name}')\n`).join('')}
${body
  .split('\n')
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n')}

    values = {name: value for name, value in locals().items() if name in [${list}]}
    return values if any(value not in (None, '', False) for value in values.values()) else None
`
}
