import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examples } from '../src/examples/examples.ts'
import { pastedRefusals } from './support/refusals.ts'

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const built = fileURLToPath(new URL('../dist/index.html', import.meta.url))
const shots = process.env.EZ_INSPECTOR_SHOTS

it('is one file under 250 KB, closed to everything but its own script and styles', () => {
  const html = readFileSync(built, 'utf8')
  expect(gzipSync(html).length).toBeLessThan(250_000)
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? []
  expect(policy).toContain("default-src 'none'; connect-src 'none'; script-src 'sha256-")
  expect(policy).not.toContain('unsafe')
  expect(html).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/)
  expect(readFileSync(join(built, '../NOTICES.txt'), 'utf8')).toMatch(/^preact .*\(MIT\)$/m)
})

describe.runIf(chromium)('in Chromium, from file://', () => {
  let browser: Browser
  let page: Page
  const asked: string[] = []
  const said: string[] = []

  beforeAll(async () => {
    const { chromium: launcher } = await import('playwright-core')
    browser = await launcher.launch({ executablePath: chromium as string, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    await page.goto(pathToFileURL(built).href)
    await page.waitForSelector('.results')
  })
  afterAll(() => browser?.close())

  const settled = (): Promise<unknown> => page.waitForSelector('.results[aria-busy=false]')
  const open = async (id: string): Promise<void> => {
    await page.evaluate((example) => {
      document.querySelector<HTMLButtonElement>(`[data-example="${example}"]`)?.click()
    }, id)
    await page.waitForFunction(
      (example) =>
        document.querySelector('[role=status]')?.textContent?.includes('Example:') && example !== '',
      id,
    )
    await page.waitForTimeout(100)
    await settled()
  }
  const results = (): Promise<string> => page.locator('.results').innerText()

  it('opens every example, each without a problem', async () => {
    const ids = examples.map(({ id }) => id)
    const shown = await page.evaluate(async (all) => {
      const found: Record<string, string[]> = {}
      const settle = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        while (document.querySelector('.results[aria-busy=true]'))
          await new Promise((resolve) => setTimeout(resolve, 10))
      }
      for (const id of all) {
        document.querySelector<HTMLButtonElement>(`[data-example="${id}"]`)?.click()
        await settle()
        found[id] = [...document.querySelectorAll('.problem')].map(({ textContent }) => textContent ?? '')
        if (!document.querySelector('.parts dt')) found[id].push('nothing is shown')
      }
      return found
    }, ids)
    expect(shown).toEqual(Object.fromEntries(ids.map((id) => [id, []])))
  })

  it('reads the refusals of services', async () => {
    const refusals = await pastedRefusals()
    const told = await page.evaluate(async (all) => {
      const found: Record<string, string> = {}
      for (const { title, ...shared } of all) {
        const bytes = new TextEncoder().encode(JSON.stringify({ use: 'diagnose', ...shared }))
        const encoded = btoa(String.fromCharCode(...bytes))
          .replace(/\+/g, '-')
          .replace(/\//g, '_')
          .replace(/=/g, '')
        location.hash = `#case=${encoded}`
        await new Promise((resolve) => setTimeout(resolve, 30))
        while (document.querySelector('.results[aria-busy=true]'))
          await new Promise((resolve) => setTimeout(resolve, 10))
        found[title] = document.querySelector('.finding .message')?.textContent ?? ''
      }
      return found
    }, refusals)
    for (const { title, sentence } of refusals)
      expect([title, told[title]]).toEqual([title, expect.stringContaining(sentence)])
  })

  it('marks the characters that differ', async () => {
    await open('aws-sigv4/refused')
    expect(await page.locator('.finding h2').innerText()).toContain('403')
    expect(await page.locator('.difference mark').allInnerTexts()).not.toEqual([])
  })

  it('has no finding of axe, light and dark, in every use', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      for (const id of ['aws-sigv4', 'aws-sigv4/refused', 'aws-sigv4/sign']) {
        await open(id)
        const found = await page.evaluate(async (source) => {
          const run = new Function(`${source}; return axe.run(document, { resultTypes: ['violations'] })`)
          const { violations } = (await run()) as { violations: { id: string; nodes: { html: string }[] }[] }
          return violations.map((one) => `${one.id}: ${one.nodes.map(({ html }) => html).join(' ')}`)
        }, axe)
        expect(found).toEqual([])
      }
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('is walked through by keyboard alone, into an editor and out of it', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const passed: string[] = []
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press('Tab')
      passed.push(
        await page.evaluate(() => {
          const { tagName, ariaLabel, textContent } = document.activeElement as HTMLElement
          return `${tagName} ${ariaLabel ?? textContent?.slice(0, 30)}`
        }),
      )
    }
    expect(passed.findIndex((one) => one.startsWith('SUMMARY'))).toBeGreaterThanOrEqual(0)
    const editor = passed.findIndex((one) => one === 'TEXTAREA The request')
    expect(editor).toBeGreaterThan(0)
    expect(passed[editor + 1]).not.toBe('TEXTAREA The request')
  })

  it.each([320, 390, 768, 1440, 3840])('never scrolls sideways at %s pixels', async (width) => {
    await page.setViewportSize({ width, height: 900 })
    for (const id of ['aws-sigv4/refused', 'netsuite-oauth1', 'aws-sigv4/sign']) {
      await open(id)
      const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      if (shots !== undefined && width < 2000)
        await page.screenshot({ path: join(shots, `${width}-${id.replace('/', '-')}.png`), fullPage: true })
      expect([width, id, wide]).toEqual([width, id, shown])
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says in words what is wrong with an input', async () => {
    await page.fill('#request', 'GET without a host')
    await settled()
    await page.waitForSelector('.problem')
    expect(await page.locator('#request-told').innerText()).toContain('[EZ_')
  })

  it('makes no request, and could not', async () => {
    expect(asked).toEqual([pathToFileURL(built).href])
    const blocked = await page.evaluate(async () => {
      const seen: string[] = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
      const tried = await fetch('http://127.0.0.1:9/').catch((error: Error) => error.message)
      new Image().src = 'http://127.0.0.1:9/x.png'
      await new Promise((resolve) => setTimeout(resolve, 50))
      return [String(tried), ...seen]
    })
    expect(blocked).toEqual([expect.stringMatching(/fetch/i), 'connect-src', 'img-src'])
  })

  it('opens a link to an example, and a case that a command wrote into it', async () => {
    await page.goto(`${pathToFileURL(built).href}#example=cosmos-auth/refused`)
    await page.reload()
    await page.waitForSelector('.finding')
    const folder = mkdtempSync(join(tmpdir(), 'inspector-'))
    const given = JSON.stringify({
      request: 'GET /a HTTP/1.1\nhost: a.example\nauthorization: OAuth realm="x"\n',
    })
    const file = join(folder, 'case.html')
    writeFileSync(
      file,
      readFileSync(built, 'utf8').replace(
        'id="case">null<',
        `id="case">${given.replaceAll('<', '\\u003c')}<`,
      ),
    )
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector('.parts')
    expect(await results()).toContain('a.example')
  })

  it('says nothing on the console but what was blocked above', () => {
    expect(said.filter((text) => !/127\.0\.0\.1:9/.test(text))).toEqual([])
  })
})
