/**
 * Runs the program that its arguments name, and writes the lines that go through it to the file that the first
 * argument names: `> ` before a question, `< ` before an answer.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [file, program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const passOn = (from, to, sign) =>
  createInterface({ input: from }).on('line', (line) => {
    appendFileSync(file, `${sign} ${line}\n`);
    to.write(`${line}\n`);
  });
passOn(process.stdin, child.stdin, '>').on('close', () => child.stdin.end());
passOn(child.stdout, process.stdout, '<');
child.on('close', (code) => process.exit(code ?? 1));
