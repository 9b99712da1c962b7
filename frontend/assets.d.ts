// What the build gives a script for an imported asset: its path relative to that script, to be used as
// `new URL(ring, import.meta.url)`. Keep in step with assetTypes in build.mjs.

declare module "*.woff2" {
  const path: string;
  export default path;
}
declare module "*.svg" {
  const path: string;
  export default path;
}
declare module "*.png" {
  const path: string;
  export default path;
}
declare module "*.webp" {
  const path: string;
  export default path;
}
declare module "*.ico" {
  const path: string;
  export default path;
}
declare module "*.wav" {
  const path: string;
  export default path;
}
declare module "*.mp3" {
  const path: string;
  export default path;
}
declare module "*.ogg" {
  const path: string;
  export default path;
}
declare module "*.opus" {
  const path: string;
  export default path;
}
