import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoPicture, pictureOf } from './terminal.mjs'

/** The first page: in one screen what this is for, how to get it, and what it looks like. */
export function landingPage() {
  const providers = providersOf()
  const pinned = [
    ...['--at', '2026-11-30T10:00:00Z', '--var', 'access_token=Atza|example-token'],
    ...['--var', 'secret_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'],
  ]
  const codes = new Set(readFileSync('docs/errors.md', 'utf8').match(/^\| `EZ_[A-Z0-9_]+`/gm)).size
  return `---
layout: page
sidebar: false
title: Signs and prepares HTTP requests
---

<div class="landing" v-pre>
<section class="opening">
<div>
<h1>Your signature was refused. See the character.</h1>
<p class="lead">Write a request once, with <code>{{variables}}</code>. <code>@ez</code> signs it just before every send, shows each
step, and tells what a refusal means: Amazon, NetSuite, Azure, OAuth and any vendor that you describe.</p>
<p><b>What is signed is what is sent. Nothing is hidden. It fails closed.</b></p>
<pre class="install"><code>npm install @ez/core @ez/aws-sigv4</code></pre>
<p class="ways"><a class="main" href="/start">Start in five minutes</a> <a href="/errors">Look up an error</a> <a href="/cli">Use the command</a> <a href="/inspector.html" target="_self">Open the inspector</a></p>
<ul class="figures">
<li><b>${providers.length}</b> providers, each a package of its own</li>
<li><b>0</b> dependencies in core and signers</li>
<li><b>${codes}</b> errors, each with cause and cure</li>
<li><b>8</b> engines: Node, Bun, Deno, Workers, browsers</li>
</ul>
</div>
${pictureOf('ez diagnose orders.yaml --response refusal.json', ['diagnose', 'orders.yaml', ...pinned, '--response', 'refusal.json', '--status', '403'])}
</section>
<section>
<h2>Every step of a signature, in words</h2>
${pictureOf('ez explain orders.yaml', ['explain', 'orders.yaml', ...pinned])}
</section>
<section>
<h2>Endpoints that verify, and refuse what was altered</h2>
${demoPicture()}
</section>
<section>
<h2>Providers</h2>
<ul class="providers">
${providers.map(({ link, name, description }) => `<li><a href="${link}"><b>${name}</b><span>${description}</span></a></li>`).join('\n')}
</ul>
<p>Yours is missing? <a href="/declared-signatures">Describe it as data</a>, or <a href="/adding-a-provider">write a package</a>.</p>
</section>
</div>
`
}

/** The packages that sign for a vendor or a scheme, with their pages. */
function providersOf() {
  return readdirSync('packages').flatMap((folder) => {
    if (!existsSync(join('packages', folder, 'package.json'))) return []
    const {
      name,
      description,
      dependencies = {},
    } = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8'))
    if (!existsSync(join('docs/providers', `${folder}.md`))) return []
    const foreign = Object.keys(dependencies).filter((one) => !one.startsWith('@ez/'))
    if (foreign.length > 0 && folder !== 'oauth2')
      throw new Error(`${name} depends on ${foreign}: the first page says that signers do not.`)
    return [{ name, description, link: `/providers/${folder}` }]
  })
}
