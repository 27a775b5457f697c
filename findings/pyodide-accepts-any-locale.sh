#!/usr/bin/env bash
# Pyodide 314.0.7: locale.setlocale accepts every name, of a language that exists or not, and changes nothing.
#
# Guess: a locale that is not there raises locale.Error, as in CPython on a machine without it, and code falls back.
# What happens: 'de_DE.UTF-8' and a name that was never one are both accepted and given back; the decimal point stays a point,
# and the names of days English.
# Why it matters: scripts that try a locale to write amounts or dates, with an except branch for its absence, take the wrong
# branch and send numbers in another notation.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts pyodide@314.0.7 >/dev/null
cat >try.mjs <<'PROGRAM'
import { loadPyodide } from 'pyodide'

const python = await loadPyodide()
const seen = python.runPython(`
import locale
from datetime import date
seen = []
for name in ('de_DE.UTF-8', 'no such locale'):
    try:
        given = locale.setlocale(locale.LC_ALL, name)
        seen.append(f"{given!r}: {locale.format_string('%.2f', 1234.5, grouping=True)} {date(2026, 1, 5).strftime('%A')}")
    except locale.Error as error:
        seen.append(f'{name!r}: {error}')
'; '.join(seen)
`)
console.log(`Pyodide ${python.version}: ${seen}`)
process.exit(seen === "'de_DE.UTF-8': 1234.50 Monday; 'no such locale': 1234.50 Monday" ? 0 : 1)
PROGRAM
node try.mjs
