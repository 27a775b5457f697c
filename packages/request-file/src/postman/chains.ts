const scope = String.raw`pm\.(?:environment|globals|collectionVariables|variables)`
const sets = new RegExp(
  String.raw`(?:${scope}\.set|\bpostman\.set(?:Environment|Global)Variable)\(\s*(["'\`])((?:(?!\1).)+)\1`,
  'g',
)

/** What of one request tells whether another stands on it. */
export interface Linked {
  /** Its own scripts: not those of the collection and folders, which run for every request. */
  readonly scripts: string
  /** Everything that may name a variable: the request itself, and its scripts. */
  readonly text: string
}

/** Whether a script of one request sets what another one reads and does not set itself: then they are a flow, in order. */
export function isChained(requests: readonly Linked[]): boolean {
  const own = requests.map(({ scripts }) => new Set([...scripts.matchAll(sets)].map(([, , name]) => name)))
  return own.some((names, index) =>
    [...names].some((name) =>
      requests.some(
        ({ text }, other) => other !== index && !own[other]?.has(name) && reads(text, name as string),
      ),
    ),
  )
}

const reads = (text: string, name: string): boolean =>
  text.includes(`{{${name}}}`) ||
  ['"', "'", '`'].some((quote) => new RegExp(`get\\w*\\(\\s*${quote}${escaped(name)}${quote}`).test(text))

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
