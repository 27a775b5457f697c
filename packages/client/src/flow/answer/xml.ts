import { EzError } from '@ez/core'

interface XmlLibraries {
  readonly parse: (text: string) => unknown
  readonly evaluate: (path: string, document: unknown) => unknown[]
}

interface Parsed {
  readonly documentElement: { lookupNamespaceURI(prefix: string | null): string | null } | null
}

let libraries: Promise<XmlLibraries> | undefined

async function load(): Promise<XmlLibraries> {
  try {
    const [{ parseXmlDocument }, fontoxpath] = await Promise.all([import('slimdom'), import('fontoxpath')])
    // Node finds no named exports in this CommonJS module; bundlers do.
    const { evaluateXPath } =
      (fontoxpath as { readonly default?: Pick<typeof fontoxpath, 'evaluateXPath'> }).default ?? fontoxpath
    return {
      parse: parseXmlDocument,
      evaluate: (path, document) =>
        evaluateXPath(path, document as never, null, null, evaluateXPath.ALL_RESULTS_TYPE, {
          // Prefixes, and a name without one, mean what they mean in the answer itself.
          namespaceResolver: (prefix) =>
            (document as Parsed).documentElement?.lookupNamespaceURI(prefix || null) ?? null,
        }) as unknown[],
    }
  } catch (cause) {
    libraries = undefined
    throw new EzError(
      'EZ_FLOW_INVALID',
      'XML answers are read with slimdom and fontoxpath, which are not installed. Run: npm install slimdom fontoxpath',
      { cause },
    )
  }
}

/** An XML answer, parsed. */
export interface XmlDocument {
  /**
   * What stands at an XPath: texts, numbers, booleans; elements as their text. `undefined` when nothing does, one
   * value when there is one, else a list.
   *
   * @throws EZ_FLOW_INVALID for what is no XPath
   */
  read(path: string): unknown
  /** Each node that an XPath finds, as an object: attributes as `@name`, children by name, text as `#text`. */
  records(path: string): unknown[]
  /** The root element as such an object. */
  readonly root: unknown
}

const doctype = /<!DOCTYPE/i

/**
 * Parses XML without a document type, so that nothing in it expands or is fetched.
 *
 * @throws EZ_RESPONSE_UNREADABLE for text that is no XML, or that declares a document type
 */
export async function parseXml(text: string, place: string): Promise<XmlDocument> {
  libraries ??= load()
  const { parse, evaluate } = await libraries
  if (doctype.test(text))
    throw new EzError(
      'EZ_RESPONSE_UNREADABLE',
      `${place}: the answer declares a document type, which is not read.`,
    )
  let document: unknown
  try {
    document = parse(text)
  } catch (cause) {
    throw new EzError('EZ_RESPONSE_UNREADABLE', `${place}: the answer is no XML.`, { cause })
  }
  const find = (path: string): unknown[] => {
    try {
      return evaluate(path, document)
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
      throw new EzError('EZ_FLOW_INVALID', `${JSON.stringify(path)} is no XPath: ${problem}.`, { cause })
    }
  }
  return {
    read(path) {
      const values = find(path).map(plainValue)
      return values.length > 1 ? values : values[0]
    },
    records: (path) => find(path).map((node) => recordOf(node, place)),
    get root() {
      return recordOf((document as Parsed).documentElement, place)
    },
  }
}

interface XmlNode {
  readonly nodeType: number
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly localName?: string
  readonly textContent: string | null
  readonly attributes?: Iterable<{ readonly localName: string; readonly value: string }>
  readonly childNodes?: Iterable<XmlNode>
}

const element = 1
const deepest = 500
const isNode = (value: unknown): value is XmlNode =>
  typeof value === 'object' && value !== null && 'nodeType' in value

function plainValue(value: unknown): unknown {
  if (!isNode(value)) return value
  return value.nodeType === element ? (value.textContent ?? '') : (value.nodeValue ?? value.textContent ?? '')
}

function recordOf(value: unknown, place: string, depth = 0): unknown {
  if (depth > deepest)
    throw new EzError(
      'EZ_RESPONSE_UNREADABLE',
      `${place}: the answer is nested deeper than ${deepest} elements.`,
    )
  if (!isNode(value) || value.nodeType !== element) return plainValue(value)
  const record: Record<string, unknown> = Object.create(null)
  for (const { localName, value: text } of value.attributes ?? []) record[`@${localName}`] = text
  const children = [...(value.childNodes ?? [])].filter(({ nodeType }) => nodeType === element)
  if (children.length === 0) {
    if (Object.keys(record).length === 0) return value.textContent ?? ''
    if (value.textContent) record['#text'] = value.textContent
  }
  for (const child of children) {
    const name = child.localName ?? child.nodeName
    const known = record[name]
    const next = recordOf(child, place, depth + 1)
    record[name] = known === undefined ? next : Array.isArray(known) ? [...known, next] : [known, next]
  }
  return { ...record }
}
