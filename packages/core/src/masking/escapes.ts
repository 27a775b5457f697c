/** A part of a text that was read as one character, and where it stands in both. */
interface Cut {
  readonly from: number
  readonly to: number
  readonly sourceFrom: number
  readonly sourceTo: number
}

/** A text in which one kind of escapes is read once. */
export interface UnescapedText {
  readonly text: string
  /** Where a part of it stands in the text that it was made of. */
  sourceOf(from: number, to: number): readonly [from: number, to: number]
}

/** How a text may be written in another: which parts stand for one character, and for which. */
interface Encoding {
  readonly pattern: RegExp
  read(written: string): string
}

const percent: Encoding = {
  // UTF-8.
  pattern:
    /%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-7](?:%[89ab][\da-f]){3})/gi,
  read: (written) => {
    try {
      return decodeURIComponent(written)
    } catch {
      return written
    }
  },
}

const controls: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const json: Encoding = {
  pattern: /\\(?:u[\da-f]{4}|[^u])/gi,
  read: (written) =>
    written.length > 2
      ? String.fromCharCode(Number.parseInt(written.slice(2), 16))
      : (controls[written.charAt(1)] ?? written.charAt(1)),
}

/** Percent-encoding, as in URLs and forms, and the escapes of JSON. */
export const encodings: readonly Encoding[] = [percent, json]

/** Reads the escapes in a text; `undefined` when it holds none. */
export function readEscapes(source: string, { pattern, read }: Encoding): UnescapedText | undefined {
  const cuts: Cut[] = []
  let text = ''
  let position = 0
  for (const match of source.matchAll(pattern)) {
    text += source.slice(position, match.index)
    const from = text.length
    text += read(match[0])
    position = match.index + match[0].length
    cuts.push({ from, to: text.length, sourceFrom: match.index, sourceTo: position })
  }
  if (cuts.length === 0) return undefined
  /** The last cut that begins at a position or before it. */
  const cutAt = (at: number): Cut => {
    let low = -1
    let high = cuts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((cuts[middle] as Cut).from <= at) low = middle
      else high = middle - 1
    }
    return cuts[low] ?? { from: 0, to: 0, sourceFrom: 0, sourceTo: 0 }
  }
  return {
    text: text + source.slice(position),
    sourceOf: (from, to) => {
      const first = cutAt(from)
      const last = cutAt(to - 1)
      return [
        from < first.to ? first.sourceFrom : first.sourceTo + from - first.to,
        to <= last.to ? last.sourceTo : last.sourceTo + to - last.to,
      ]
    },
  }
}
