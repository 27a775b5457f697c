import picocolors from 'picocolors'

type Colors = ReturnType<typeof picocolors.createColors>

/** Colours for a stream: on a terminal, unless `NO_COLOR` or `--no-color` says otherwise. */
export function colors(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const refused = Boolean(NO_COLOR) || process.argv.includes('--no-color') || FORCE_COLOR === '0'
  const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  return picocolors.createColors(!refused && (wanted || (stream.isTTY === true && TERM !== 'dumb')))
}
