/**
 * Shared libraries that may be missing on a machine with nothing but a GPU driver.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Vulkan's loader, the libraries of Node, and those of NVIDIA's driver, which needs X11 even without a window. */
const WANTED = [
  ['libvulkan.so.1'],
  ['libstdc++.so.6', 'libgcc_s.so.1', 'libatomic.so.1'],
  ['libX11.so.6', 'libXext.so.6', 'libxcb.so.1', 'libXau.so.6', 'libXdmcp.so.6', 'libbsd.so.0', 'libmd.so.0'],
  ['libGLdispatch.so.0', 'libEGL.so.1', 'libGLX.so.0', 'libGL.so.1'],
].flat();

/**
 * Copies the libraries that this machine has.
 *
 * @returns the names of those that it does not have
 */
export async function copyLibraries(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const known = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const paths = [...known.matchAll(/=> (\S+)$/gm)].map((match) => match[1] as string);
  const places = new Map(
    paths.filter((path) => !path.includes('/i386')).map((path) => [basename(path), path]),
  );
  const missing: string[] = [];
  for (const name of WANTED) {
    const path = places.get(name);
    if (path === undefined) missing.push(name);
    else await copyFile(path, join(folder, name));
  }
  return missing;
}
