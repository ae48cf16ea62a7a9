/**
 * Serves the page to this machine alone.
 *
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { PageFiles } from './bundle.js';

/** A page that is being served. */
export interface ServedPage {
  /** Such as `http://127.0.0.1:8080/`; a secure context, as WebGPU demands. */
  readonly address: string;
  close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves files at 127.0.0.1.
 *
 * @param port - 0: any free port
 * @param headers - that each file is sent with, such as a content security policy
 */
export function servePage(
  files: PageFiles,
  port = 0,
  headers: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const server = createServer(({ url = '/' }, response) => {
    const name = new URL(url, 'http://localhost').pathname.slice(1) || 'index.html';
    const file = files.get(name);
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { ...headers, 'content-type': type }).end(file);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close });
    });
  });
}
