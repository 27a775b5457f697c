// Node, Bun and Deno: the packages come from node_modules, by the engine's own export conditions.
import { runConformance } from '../conformance.ts'

console.log(`outcome ${JSON.stringify(await runConformance(process.env.ENDPOINT ?? ''))}`)
