import { fit, pad, type Screen, wrapExact, wrapProse } from './screen.ts'

const gutter = 19
// Beside the gutter there must be room for the 64 hex digits of a hash.
const narrow = gutter + 2 + 64

/** One line of a section. */
export interface Line {
  readonly text: string
  /** Wrap at spaces; otherwise every character counts. */
  readonly isProse?: boolean
}

/**
 * A labelled block: the label in the left gutter, the lines beside it. On a narrow screen the label
 * stands above them. No lines, no block.
 *
 * @param label already painted
 * @param rowLimit rows to show at most
 */
export function section(label: string, lines: readonly Line[], screen: Screen, rowLimit?: number): string[] {
  if (lines.length === 0) return []
  const isNarrow = screen.columns < narrow
  const indent = ' '.repeat(isNarrow ? 4 : gutter + 2)
  const room = screen.columns - indent.length
  const wrapped = lines.flatMap(({ text, isProse }) =>
    text === '' ? [''] : isProse ? wrapProse(text, room) : wrapExact(text, room),
  )
  const shown = rowLimit === undefined ? wrapped : limited(wrapped, rowLimit, room, screen)
  const body = shown.map((line) => (line === '' ? '' : indent + line))
  if (isNarrow) return [`  ${label}`, ...body]
  const [first = ''] = shown
  return [`  ${pad(label, gutter)}${first}`.trimEnd(), ...body.slice(1)]
}

function limited(rows: readonly string[], limit: number, room: number, { paint }: Screen): readonly string[] {
  const hidden = rows.length - limit
  // A hint in the place of one row would save nothing.
  return hidden <= 1
    ? rows
    : [...rows.slice(0, limit), fit(paint('dim', `… ${hidden} more lines with --only`), room)]
}
