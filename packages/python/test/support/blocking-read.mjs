// Names the standard streams, as Pyodide does, then reads one byte from the parent, which writes it later.
import { readSync, writeSync } from 'node:fs'

const { plainStreams } = await import(process.argv[2])
plainStreams()
writeSync(process.stdout.fd, `${process.stdin.fd}${process.stderr.fd} `)
try {
  readSync(0, new Uint8Array(1))
  writeSync(1, 'read')
} catch (error) {
  writeSync(1, error.code)
}
