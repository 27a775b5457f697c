import { EzError } from '@ez/core'
import { problemError, type RequestValue, type StepValue } from '@ez/request-file'
import schema from '../../schema/proxy.schema.json' with { type: 'json' }
import type { LoadedRequest } from '../files/request-file.ts'
import { readSource } from '../files/source.ts'
import { schemaProblems } from '../files/validate.ts'

/** A rule, as it is written. */
interface RuleValue {
  readonly name?: string
  readonly host: string | string[]
  readonly methods: string[]
  readonly paths: string[]
  readonly scheme?: 'https' | 'http'
  readonly body?: BodyMode
  readonly preRequest?: StepValue[]
}

/** How bodies are passed: whole, as they come, or whole up to a bound. */
export type BodyMode = 'buffer' | 'stream' | 'auto'

/** What may be forwarded, and how it is signed. */
export interface Rule {
  readonly name: string
  readonly scheme: 'https' | 'http'
  readonly body: BodyMode
  /** The steps, as of a request file. */
  readonly request: LoadedRequest
  allows(target: Target): boolean
}

/** Where a request is to go. */
export interface Target {
  readonly method: string
  /** Lower case, with a port where it is not the default. */
  readonly host: string
  /** As it was written, without query. */
  readonly path: string
}

/** Reads the rules of a proxy. @throws EZ_FILE_NOT_FOUND, EZ_FILE_INVALID */
export async function readRules(file: string): Promise<Rule[]> {
  const source = await readSource(file)
  const problems = await schemaProblems(source, schema)
  if (problems.length > 0) throw problemError(problems)
  const { rules, ...shared } = source.value as { rules: RuleValue[] } & RequestValue
  return rules.map((value, index) => {
    const path = ['rules', index]
    const hosts = [value.host].flat().map((host) => host.toLowerCase())
    for (const host of hosts)
      if (!/^(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/.test(host))
        throw problemError([
          source.problem(
            [...path, 'host'],
            `"${host}" is no host, such as api.example.com, api.example.com:8443 or *.example.com.`,
          ),
        ])
    for (const pattern of value.paths)
      if (!pattern.startsWith('/'))
        throw problemError([source.problem([...path, 'paths'], `"${pattern}" must start with "/".`)])
    const patterns = value.paths.map(pathPattern)
    const methods = new Set(value.methods.map((method) => method.toUpperCase()))
    const name = value.name ?? `rule ${index + 1}`
    return {
      name,
      scheme: value.scheme ?? 'https',
      body: value.body ?? 'auto',
      request: {
        label: `${file}: ${name}`,
        source,
        value: {
          ...shared,
          ...(value.preRequest && { preRequest: value.preRequest }),
          method: 'GET',
          url: 'https://ez.invalid/',
        },
        layers: [
          { source, path, value: value.preRequest ? { preRequest: value.preRequest } : {} },
          { source, path: [], value: shared },
        ],
      },
      allows: (target) =>
        methods.has(target.method) &&
        hosts.some((host) => hostMatches(host, target.host)) &&
        pathMatches(patterns, target.path),
    }
  })
}

function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : pattern === host
}

// `*` stands for any characters of one segment, `**` for any characters at all.
function pathPattern(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`, 's')
}

// A server may decode %2F or %2E before it looks at the path, so what it would see must be allowed too; one that decodes
// twice, or that cuts parameters off a segment (`..;a`), must not find dot segments either.
function pathMatches(patterns: readonly RegExp[], path: string): boolean {
  let decoded = path
  const seen: string[] = []
  for (let times = 0; times < 3; times += 1) {
    seen.push(decoded)
    try {
      decoded = decodeURIComponent(decoded)
    } catch {
      // Once it must be possible; what is no encoding any more is the end of it.
      if (times === 0) return false
      break
    }
    if (/(?:^|[\\/])\.{1,2}(?:;[^\\/]*)?(?:[\\/]|$)/.test(decoded) || decoded.includes('\\')) return false
  }
  return patterns.some((pattern) => pattern.test(path) && pattern.test(seen[1] ?? decoded))
}

/** The rule for a target. @throws EZ_PROXY_NOT_ALLOWED */
export function ruleFor(rules: readonly Rule[], target: Target): Rule {
  const rule = rules.find((candidate) => candidate.allows(target))
  if (rule) return rule
  throw new EzError(
    'EZ_PROXY_NOT_ALLOWED',
    `No rule allows ${target.method} ${target.host}${target.path}. Add one, if it is to be forwarded.`,
  )
}
