import { tfjsBackend } from './backends/tfjs/index.ts';
import { referenceBackend } from './backends/reference.ts';
import { runSuite } from './properties/index.ts';
for (const b of [referenceBackend(), await tfjsBackend({engine:'cpu'}), await tfjsBackend({engine:'wasm'})]) {
 const t=Date.now();
 const r=await runSuite(b,{seed:+(process.argv[2]??1), runs:+(process.argv[3]??200)});
 console.log(b.name,b.engine,r.passed,Date.now()-t);
 for(const p of r.properties) if(p.verdict!=='passed'||p.milliseconds>2000) console.log(p.id,p.verdict,p.milliseconds,p.reason,JSON.stringify(p.counterexample)?.slice(0,900));
}
