// Unpacks the Chromium of the package @sparticuz/chromium, with the libraries and fonts that it needs, below the folder
// where the packages are installed: the one argument.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const folder = resolve(process.argv[2])
const packed = `${folder}/node_modules/@sparticuz/chromium/bin`
const to = `${folder}/chromium`
const open = name => brotliDecompressSync(readFileSync(`${packed}/${name}.br`))

mkdirSync(to, { recursive: true })
writeFileSync(`${to}/chromium`, open('chromium'))
chmodSync(`${to}/chromium`, 0o755)
for (const name of ['al2023.tar', 'fonts.tar', 'swiftshader.tar']) {
  const done = spawnSync('tar', ['-xf', '-', '-C', to], { input: open(name), stdio: ['pipe', 'inherit', 'inherit'] })
  if (done.status !== 0) throw new Error(`${name} can't be unpacked: tar ended with ${done.status}`)
}
// The packed fonts are looked for where Lambda has them; here they are beside the browser, and the machine's own count too.
writeFileSync(`${to}/fonts.conf`, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${to}/fonts</dir><cachedir>${to}/fontcache</cachedir></fontconfig>
`)
rmSync(packed, { recursive: true }) // 70 MB that nobody reads again
