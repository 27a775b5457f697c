import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'

const limits = { html: 60_000, script: 100_000 }

/**
 * The pages that weigh more than a reader should wait for: HTML and scripts in bytes, as servers send them (gzip).
 * @param {string} dist @returns {{ pages: number, problems: string[] }}
 */
export function overBudget(dist) {
  /** @type {Map<string, number>} */
  const sizes = new Map()
  const sizeOf = (/** @type {string} */ file) => {
    const known = sizes.get(file)
    if (known !== undefined) return known
    const size = gzipSync(readFileSync(file)).length
    sizes.set(file, size)
    return size
  }
  const pages = readdirSync(dist, { recursive: true })
    .map((name) => join(dist, String(name)))
    // The inspector is one file with everything in it; its own test holds it to its size.
    .filter((file) => file.endsWith('.html') && !file.endsWith('inspector.html'))
  const problems = pages.flatMap((page) => {
    const text = readFileSync(page, 'utf8')
    const named = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) =>
      join(dist, path),
    )
    const script = [...withImports(new Set(named))].reduce((sum, file) => sum + sizeOf(file), 0)
    const name = relative(dist, page)
    return [
      ...(sizeOf(page) > limits.html ? [`${name}: ${sizeOf(page)} bytes of HTML, over ${limits.html}.`] : []),
      ...(script > limits.script ? [`${name}: ${script} bytes of scripts, over ${limits.script}.`] : []),
    ]
  })
  return { pages: pages.length, problems }
}

/** These scripts and all that they import at once. @param {Set<string>} files */
function withImports(files) {
  for (const file of files)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import)\s?"(\.\.?\/[^"]+\.js)"/g,
    ))
      files.add(join(dirname(file), path))
  return files
}
