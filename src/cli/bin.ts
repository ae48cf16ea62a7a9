#!/usr/bin/env node
/**
 * The program `crl` of the installed package. What the command line needs beside the loss comes with a package
 * of its own; where that is missing, the message says so before anything else is loaded.
 *
 * @module
 */
import { missingPackageMessage } from './missing-package.js';

try {
  await import('./crl.js');
} catch (error) {
  const message = missingPackageMessage(error);
  if (message === undefined) throw error;
  process.stderr.write(`crl: ${message}\n`);
  process.exitCode = 2;
}
