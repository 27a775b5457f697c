// workerd runs this as a test; ENDPOINT is replaced when the bundle is made.
import { runConformance } from '../conformance.ts'

declare const ENDPOINT: string

export default {
  async test(): Promise<void> {
    console.log(`outcome ${JSON.stringify(await runConformance(ENDPOINT))}`)
  },
}
