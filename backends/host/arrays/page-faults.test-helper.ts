/**
 * Prints the page faults per call of a loss whose gradient takes 400 kB. It is a program of its own because a
 * process counts the faults of everything that runs in it.
 */
import { hostLoss } from '../index.js';

const [n, classes, calls] = [1024, 100, 400];
const crl = hostLoss({ attributes: [classes], kappa: 25 });
const labels = Int32Array.from({ length: n }, (_, i) =>
  Math.floor(classes * ((i * 7919) % n) ** 2 * n ** -2),
);
const scores = Float32Array.from({ length: n * classes }, (_, at) => ((at * 7919) % 10007) / 10007);
for (let call = 0; call < calls; call++) crl.rectification({ labels, scores });
const before = process.resourceUsage().minorPageFault;
for (let call = 0; call < calls; call++) crl.rectification({ labels, scores });
console.log((process.resourceUsage().minorPageFault - before) / calls);
