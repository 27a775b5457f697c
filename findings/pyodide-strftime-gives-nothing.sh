#!/usr/bin/env bash
# Pyodide 314.0.7 (CPython 3.14 in WebAssembly): one letter that its C library lacks empties the whole result of strftime.
#
# Guess: as on Linux an unknown letter stays as it is or is left out, or ValueError is raised; the rest of the text stands.
# What happens: strftime('%Y-%m-%d %P') is the empty text, and so with %k, %l and %N, which GNU's library knows or leaves.
# Why it matters: a signing script that ran for years under CPython dates its string to sign with nothing, without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts pyodide@314.0.7 >/dev/null
cat >try.mjs <<'PROGRAM'
import { loadPyodide } from 'pyodide'

const python = await loadPyodide()
const seen = python
  .runPython(`
from datetime import datetime
moment = datetime(2026, 1, 5, 3, 4, 5)
' '.join(letters + '=' + repr(moment.strftime('%Y-%m-%d ' + letters)) for letters in ('%H', '%p', '%P', '%k', '%N'))
`)
console.log(`Pyodide ${python.version}: ${seen}`)
process.exit(seen === "%H='2026-01-05 03' %p='2026-01-05 AM' %P='' %k='' %N=''" ? 0 : 1)
PROGRAM
node try.mjs
