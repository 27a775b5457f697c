// Deletes what an earlier build left in a folder, where several builds write into it.
import { rmSync } from 'node:fs'

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true })
