/**
 * A thread that ends its process once the parent is gone: the main thread may be in an endless loop.
 *
 * @module
 */
import { workerData } from 'node:worker_threads';

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, 1000);
