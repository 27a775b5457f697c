import { fileStem } from '../imported/imported-request.ts'
import type { StepValue } from '../model/request-value.ts'

/** Postman's `event`: a script before the request or after it. */
export interface PostmanEvent {
  readonly listen?: string
  readonly script?: { readonly exec?: string | readonly string[] }
}

/** The scripts of a collection, a folder or a request, with its name. */
export interface Level {
  readonly owner: string
  readonly events: readonly PostmanEvent[]
}

/** Scripts that were kept, as they are, and the entries of a request file that name them. */
export interface KeptScripts {
  readonly before: readonly StepValue[]
  readonly after: readonly StepValue[]
  readonly files: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/** What has no counterpart, by what shows it. A script that comes to it fails, and nothing is sent. */
const absent: readonly (readonly [RegExp, string])[] = [
  [/\bpm\.cookies\b/, 'pm.cookies'],
  [/\bpm\.vault\b/, 'pm.vault'],
  [/\bpm\.visualizer\b/, 'pm.visualizer'],
  [/\bpm\.execution\b/, 'pm.execution'],
  [/\bpm\.require\b/, 'pm.require'],
  [/\bsetNextRequest\b/, 'postman.setNextRequest'],
  [/\bcrypto\.subtle\b/, 'crypto.subtle'],
  [/\bset(?:Timeout|Interval)\b/, 'timers'],
]

/** The text of the scripts of one kind. */
export const scriptText = (events: readonly PostmanEvent[], listen: 'prerequest' | 'test'): string =>
  events
    .filter((event) => event.listen === listen)
    .map(({ script }) => [script?.exec ?? []].flat().join('\n'))
    .filter((text) => text.trim() !== '')
    .join('\n\n')

/** Keeps the scripts of a request, outermost first; those of a collection or folder are kept once. */
export function keptScripts(levels: readonly Level[], kept: Map<string, string>): KeptScripts {
  const files: Record<string, string> = {}
  const notes: string[] = []
  const steps = (listen: 'prerequest' | 'test', ending: string): StepValue[] =>
    levels.flatMap(({ owner, events }) => {
      const text = scriptText(events, listen)
      if (text === '') return []
      const file = fileName(owner, ending, text, kept)
      kept.set(file, text)
      files[file] = text
      notes.push(...notesOn(file, text))
      const hosts = hostsOf(text)
      return [
        { script: `./${file}`, dialect: 'postman' as const, ...(hosts.length > 0 && { allow: { hosts } }) },
      ]
    })
  return { before: steps('prerequest', 'pre-request'), after: steps('test', 'test'), files, notes }
}

function notesOn(file: string, text: string): string[] {
  const missing = absent.filter(([pattern]) => pattern.test(text)).map(([, name]) => name)
  const notes =
    missing.length > 0
      ? [
          `${file} uses ${missing.join(', ')}: this is not there, and a script that comes to it stops the request.`,
        ]
      : []
  if (!/\bsendRequest\b/.test(text)) return notes
  const hosts = hostsOf(text)
  return [
    ...notes,
    hosts.length > 0
      ? `${file} sends requests of its own to ${hosts.join(', ')}: look at allow.hosts, and run with --allow network.`
      : `${file} sends requests of its own: list their hosts under allow: { hosts: [...] } of the script, and run with --allow network.`,
  ]
}

// Those that stand in the text; what a variable holds is not known here.
function hostsOf(text: string): string[] {
  if (!/\bsendRequest\b/.test(text)) return []
  const found = [...text.matchAll(/https?:\/\/([a-z0-9.-]+(?::\d{1,5})?)/gi)].map(([, host]) =>
    (host as string).toLowerCase(),
  )
  return [...new Set(found)]
}

// Two requests of one name may have different scripts.
function fileName(owner: string, ending: string, text: string, kept: ReadonlyMap<string, string>): string {
  const stem = fileStem(owner)
  for (let number = 1; ; number += 1) {
    const file = `${stem}${number === 1 ? '' : `-${number}`}.${ending}.js`
    if ((kept.get(file) ?? text) === text) return file
  }
}
