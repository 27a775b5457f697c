import { PythonPool } from '../../src/index.ts'

/** Builds the memory snapshot before the first test, so that no run waits for it. */
export async function setup(): Promise<void> {
  const pool = new PythonPool({ spares: 1 })
  await pool.warm()
  pool.close()
}
